
#ifndef _NGX_CARRIERPAY_TEMPLATE_H_INCLUDED_
#define _NGX_CARRIERPAY_TEMPLATE_H_INCLUDED_


/*
 * Templates, a small part of Mustache:
 *
 *      {{name}}                the value, escaped as the template says
 *      {{&name}}               the value as it is; only for names that the
 *                              code has declared raw
 *      {{#name}} … {{/name}}   kept when the value is not empty
 *      {{^name}} … {{/name}}   kept when the value is empty
 *
 * Sections nest up to NGX_CARRIERPAY_TEMPLATE_DEPTH deep; there are no
 * loops.  Names are written without blanks and must be in the table; "{{"
 * always opens a tag.
 *
 * What is escaped depends on where the text goes: HTML (and XML), a plain
 * text, the strings of JSON (their quotes are the template's), or the values
 * of a form or a query.
 *
 * A template is compiled once, while the configuration is read, and only
 * read afterwards, by any number of requests:
 *
 *      t.escape = NGX_CARRIERPAY_TEMPLATE_HTML;
 *      t.ops = NULL;
 *      compile(&t, …)                              counts t.nops
 *      t.ops = ngx_palloc(cf->pool, t.nops * sizeof(…_op_t));
 *      compile(&t, …)                              fills t.ops
 *
 * The ops point into the text and the values are numbered as the table of
 * names is; the text must live as long as the template.  Nothing is
 * allocated here.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TEMPLATE_DEPTH  8


typedef enum {
    NGX_CARRIERPAY_TEMPLATE_HTML = 0,
    NGX_CARRIERPAY_TEMPLATE_TEXT,       /* nothing is escaped */
    NGX_CARRIERPAY_TEMPLATE_JSON,
    NGX_CARRIERPAY_TEMPLATE_URI         /* all but unreserved: %20, no "+" */
} ngx_carrierpay_template_e;


typedef struct {
    ngx_str_t      name;
    unsigned       raw:1;       /* the code vouches for its being escaped */
} ngx_carrierpay_template_name_t;


typedef struct {
    ngx_uint_t     type;        /* known to the .c alone */
    ngx_uint_t     value;       /* number of the name; */
    ngx_uint_t     next;        /* of a section: the op after its end */
    ngx_str_t      text;        /* of text between the tags */
} ngx_carrierpay_template_op_t;


typedef struct {
    ngx_carrierpay_template_e      escape;
    ngx_carrierpay_template_op_t  *ops;
    ngx_uint_t                     nops;
} ngx_carrierpay_template_t;


typedef struct {
    ngx_uint_t     line;        /* from 1 */
    const char    *text;        /* words for an error message */
} ngx_carrierpay_template_error_t;


/*
 * Counts when t->ops is NULL, fills otherwise; t->ops must then have room for
 * the t->nops that counting has found.  NGX_OK, or NGX_ERROR with *err set.
 */
ngx_int_t ngx_carrierpay_template_compile(ngx_carrierpay_template_t *t,
    const ngx_str_t *text, const ngx_carrierpay_template_name_t *names,
    ngx_uint_t nnames, ngx_carrierpay_template_error_t *err);

/*
 * The text's length with these values, and the text, written at p; returns
 * the position after it.  values has one entry a name, in the order of the
 * table; an empty value is one with len 0.
 */
size_t ngx_carrierpay_template_size(const ngx_carrierpay_template_t *t,
    const ngx_str_t *values);
u_char *ngx_carrierpay_template_write(u_char *p,
    const ngx_carrierpay_template_t *t, const ngx_str_t *values);


#endif /* _NGX_CARRIERPAY_TEMPLATE_H_INCLUDED_ */
