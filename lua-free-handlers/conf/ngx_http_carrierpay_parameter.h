
/*
 * Parameters of a directive, "name=value": a table has a row for each name.
 */


#ifndef _NGX_HTTP_CARRIERPAY_PARAMETER_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_PARAMETER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct ngx_http_carrierpay_parameter_s
    ngx_http_carrierpay_parameter_t;


/*
 * Reads a value, which is never empty, into the field that the row's offset
 * names.  Returns NULL, or what is wrong with the value: "is no number".
 */
typedef const char *(*ngx_http_carrierpay_parameter_pt)(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);


/* the last row of a table has an empty name */

struct ngx_http_carrierpay_parameter_s {
    ngx_str_t                          name;       /* without "=" */
    ngx_http_carrierpay_parameter_pt   parse;
    size_t                             offset;
    ngx_int_t                          max;        /* of number and msec */
};


/*
 * Reads all arguments of the directive that cf is at into conf.  NGX_OK, or
 * NGX_ERROR after a log line: 'parameter "port=x" has an invalid value'.
 */
ngx_int_t ngx_http_carrierpay_parameter_read(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *table, void *conf);

/*
 * The same for the arguments behind the first, which is a value; here the line
 * is 'invalid parameter "port=x"'.
 */
ngx_int_t ngx_http_carrierpay_parameter_read_rest(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *table, void *conf);


/* Functions for rows; a directive may have its own beside them. */

/* any text: an ngx_str_t that points into the configuration */
const char *ngx_http_carrierpay_parameter_text(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);

/* from 1 to max: an ngx_uint_t */
const char *ngx_http_carrierpay_parameter_number(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);

/* a time from 1 ms to max ms: an ngx_msec_t */
const char *ngx_http_carrierpay_parameter_msec(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);

/* a time in seconds, which may be 0: a time_t */
const char *ngx_http_carrierpay_parameter_sec(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);


#endif /* _NGX_HTTP_CARRIERPAY_PARAMETER_H_INCLUDED_ */
