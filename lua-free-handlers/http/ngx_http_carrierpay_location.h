
/*
 * Locations of the module: one directive gives a location its content handler,
 * and the form of its errors.
 *
 * A directive without arguments, as "carrierpay_api", needs no code.  Its row
 * has ngx_http_carrierpay_location_directive() as the setter, the offset
 * NGX_HTTP_LOC_CONF_OFFSET, and as cmd->post the description of the location.
 *
 * A directive with arguments has a setter and a configuration of its own, and
 * calls ngx_http_carrierpay_location_set() and _inherits() from them.
 *
 * Which location is whose is the configuration of one module, whose context
 * stands in ngx_http_carrierpay_location_module.c.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LOCATION_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LOCATION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Answers with an error, in the form that the clients of a location read; what
 * it returns is for ngx_http_finalize_request().  It may be called before the
 * location's handler was, or when that has failed.
 */
typedef ngx_int_t (*ngx_http_carrierpay_location_error_pt)(
    ngx_http_request_t *r, ngx_uint_t status);


/*
 * FOLDER: the handler looks at the path inside the location, so the location's
 * name must be a prefix that ends with a slash.  PRIVATE: other clients than
 * operations have no business there.  CALLBACK: nor have others than gateways.
 * SECRET: what is sent there must not be read on the way, so the location is
 * refused on a listener with carrierpay_enrichment, which has no TLS.  PAGES:
 * shoppers pay there.  HIDDEN: its URLs have secrets, which no log shows
 * (ngx_http_carrierpay_hide.h).  IDENTIFY: shoppers are identified there.
 */

#define NGX_HTTP_CARRIERPAY_LOCATION_FOLDER    0x01
#define NGX_HTTP_CARRIERPAY_LOCATION_PRIVATE   0x02
#define NGX_HTTP_CARRIERPAY_LOCATION_CALLBACK  0x04
#define NGX_HTTP_CARRIERPAY_LOCATION_SECRET    0x08
#define NGX_HTTP_CARRIERPAY_LOCATION_PAGES     0x10
#define NGX_HTTP_CARRIERPAY_LOCATION_HIDDEN    0x20
#define NGX_HTTP_CARRIERPAY_LOCATION_IDENTIFY  0x40


typedef struct {
    ngx_http_handler_pt                     handler;
    ngx_uint_t                              flags;
    ngx_http_carrierpay_location_error_pt   error;   /* NULL: nginx's pages */
} ngx_http_carrierpay_location_t;


/* NULL when no directive of ours is given in the location */
typedef struct {
    ngx_http_carrierpay_location_t   *location;
} ngx_http_carrierpay_location_conf_t;


/* the locations of a server, pointers to ngx_http_core_loc_conf_t */
typedef struct {
    ngx_array_t                       locations;
} ngx_http_carrierpay_location_srv_conf_t;


extern ngx_module_t  ngx_http_carrierpay_location_module;


/*
 * The setter: makes cmd->post the location's content handler.  A location with
 * a handler, or with a name that does not fit, is an error of configuration.
 */
char *ngx_http_carrierpay_location_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

/*
 * For setters of their own: gives the location that cf is at its content
 * handler, and notes it in the main configuration for what is checked when all
 * servers are known.  Returns NGX_CONF_OK, NGX_CONF_ERROR: memory is short, or
 * what is wrong with the location.
 */
char *ngx_http_carrierpay_location_set(ngx_conf_t *cf,
    ngx_http_carrierpay_location_t *location);

/*
 * For a merge_loc_conf of its own: 1 when the child is an "if" inside a
 * location, whose handler then runs with the configuration of the "if"; else
 * 0.
 */
ngx_uint_t ngx_http_carrierpay_location_inherits(ngx_conf_t *cf);

/*
 * The location that serves the request, or that its path lies in as long as
 * nginx has not chosen one; or NULL when it is none of ours.
 */
ngx_http_carrierpay_location_t *ngx_http_carrierpay_location_find(
    ngx_http_request_t *r);

/*
 * The same for a request that nginx has refused, perhaps before it chose a
 * location (a malformed header, an unknown Transfer-Encoding): it is moved to
 * the one that is found, whose answer and log it gets.
 */
ngx_http_carrierpay_location_t *ngx_http_carrierpay_location_choose(
    ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_LOCATION_H_INCLUDED_ */
