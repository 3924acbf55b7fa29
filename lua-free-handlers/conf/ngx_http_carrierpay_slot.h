
/*
 * Setters of directives that one row of a table describes: the row's offset
 * is the field in conf, cmd->post one of the structures below.
 *
 * They are what nginx's own slots (ngx_conf_set_str_slot() and the like, with
 * a ngx_conf_post_t to check the value) are not.  A directive that is given
 * twice "is duplicate", unless its slot says that values add up.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SLOT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SLOT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * One name of a few; the field is an ngx_int_t that begins as NGX_CONF_UNSET.
 * wrong: what is said of another name, "is not \"on\" or \"off\"".
 */
typedef struct {
    ngx_conf_enum_t     *names;         /* the last one is empty */
    const char          *wrong;
} ngx_http_carrierpay_slot_enum_t;

char *ngx_http_carrierpay_slot_enum(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/*
 * The name of a thing that find() knows; the field is the pointer that it
 * returns, NULL before.  wrong: what is said of another name; without it the
 * error is 'unknown KIND "NAME"'.
 */
typedef struct {
    const void        *(*find)(ngx_str_t *name);
    const char          *kind;
    const char          *wrong;
} ngx_http_carrierpay_slot_find_t;

char *ngx_http_carrierpay_slot_find(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* A number from min to max; the field is an ngx_uint_t, 0 before. */

typedef struct {
    ngx_int_t            min;
    ngx_int_t            max;
    const char          *wrong;
} ngx_http_carrierpay_slot_number_t;

char *ngx_http_carrierpay_slot_number(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/*
 * Any number of values; the field is an ngx_array_t of
 * ngx_carrierpay_conf_value_t, which say in which line each stands.  Several
 * directives add up, unless `twice` is set: then there is one directive, and
 * `twice` is what is said of it when a value is there a second time.
 */
typedef struct {
    ngx_uint_t         (*valid)(ngx_str_t *value);      /* NULL: any */
    const char          *wrong;         /* 'VALUE WRONG' is the error */
    const char          *twice;
} ngx_http_carrierpay_slot_list_t;

char *ngx_http_carrierpay_slot_list(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/*
 * Networks, which add up; the field is a pointer to an ngx_array_t of
 * ngx_carrierpay_cidr_t, NULL while none is given.  cmd->post is not used.
 */
char *ngx_http_carrierpay_slot_cidrs(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


#endif /* _NGX_HTTP_CARRIERPAY_SLOT_H_INCLUDED_ */
