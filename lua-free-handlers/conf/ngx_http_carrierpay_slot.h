
/*
 * Slots: setters of directives that a row of the command table describes.  The
 * row's offset is that of the field in conf, and cmd->post is one of the
 * structures below.
 *
 * They complete nginx's own slots: a string with a check is
 * ngx_conf_set_str_slot() with an ngx_conf_post_t.  A directive that is given
 * twice "is duplicate", unless its slot adds values up.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SLOT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SLOT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * One of a few names; the field is an ngx_int_t that is NGX_CONF_UNSET at
 * first. wrong is the error for any other name: 'is not "on" or "off"'.
 */
typedef struct {
    ngx_conf_enum_t     *names;         /* the last one is empty */
    const char          *wrong;
} ngx_http_carrierpay_slot_enum_t;

char *ngx_http_carrierpay_slot_enum(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/*
 * A name that find() knows; the field is the pointer that it returns, and NULL
 * at first.  For any other name find() returns NULL, and the error is wrong;
 * or 'unknown KIND "NAME"' when wrong is NULL.
 */
typedef struct {
    const void        *(*find)(ngx_str_t *name);
    const char          *kind;
    const char          *wrong;
} ngx_http_carrierpay_slot_find_t;

char *ngx_http_carrierpay_slot_find(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* A number from min to max; the field is an ngx_uint_t that is 0 at first. */

typedef struct {
    ngx_int_t            min;
    ngx_int_t            max;
    const char          *wrong;
} ngx_http_carrierpay_slot_number_t;

char *ngx_http_carrierpay_slot_number(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/*
 * A list of values; the field is an ngx_array_t of
 * ngx_carrierpay_conf_value_t, which have the file and line of each value.
 * Several directives add up, unless `twice` is set: then there is one
 * directive, and `twice` is its error when it has a value twice.
 */
typedef struct {
    ngx_uint_t         (*valid)(ngx_str_t *value);      /* NULL: any */
    const char          *wrong;         /* the error: "VALUE" wrong */
    const char          *twice;
} ngx_http_carrierpay_slot_list_t;

char *ngx_http_carrierpay_slot_list(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/*
 * A list of networks; the field is a pointer to an ngx_array_t of
 * ngx_carrierpay_cidr_t, which is NULL at first.  Several directives add up.
 * cmd->post is not used.
 */
char *ngx_http_carrierpay_slot_cidrs(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SLOT_H_INCLUDED_ */
