
/*
 * Locations of the module: one directive gives a location its content handler.
 *
 * A directive without arguments, as "carrierpay_api", needs no code.  Its row
 * has ngx_http_carrierpay_location_directive() as the setter, the offset
 * NGX_HTTP_LOC_CONF_OFFSET, and as cmd->post the description of the location.
 * The module's configuration of a location is then an
 * ngx_http_carrierpay_location_conf_t, which the functions below create and
 * merge.
 *
 * A directive with arguments has a setter and a configuration of its own, and
 * calls ngx_http_carrierpay_location_set() and _inherits() from them.
 */


#ifndef _NGX_HTTP_CARRIERPAY_LOCATION_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_LOCATION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * folder: the handler looks at the path inside the location, so the location's
 * name must be a prefix that ends with a slash.
 */
typedef struct {
    ngx_http_handler_pt               handler;
    ngx_uint_t                        folder;
} ngx_http_carrierpay_location_t;


/* NULL when the directive is not given in the location */
typedef struct {
    ngx_http_carrierpay_location_t   *location;
} ngx_http_carrierpay_location_conf_t;


/*
 * The setter: makes cmd->post the location's content handler.  A location with
 * a handler, or with a name that does not fit, is an error of configuration.
 */
char *ngx_http_carrierpay_location_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);

/* The create_loc_conf: an ngx_http_carrierpay_location_conf_t. */
void *ngx_http_carrierpay_location_create_loc_conf(ngx_conf_t *cf);

/*
 * The merge_loc_conf: an "if" inside the location is the location as well, and
 * nginx's limit of bodies is off in both (ngx_http_carrierpay_body.h).
 */
char *ngx_http_carrierpay_location_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);

/*
 * For setters of their own: gives the location that cf is at its content
 * handler.  Returns NGX_CONF_OK or what is wrong with the location.
 */
char *ngx_http_carrierpay_location_set(ngx_conf_t *cf,
    ngx_http_carrierpay_location_t *location);

/*
 * For a merge_loc_conf of its own: 1 when the child is an "if" inside a
 * location, whose handler then runs with the configuration of the "if"; else
 * 0.
 */
ngx_uint_t ngx_http_carrierpay_location_inherits(ngx_conf_t *cf);


#endif /* _NGX_HTTP_CARRIERPAY_LOCATION_H_INCLUDED_ */
