
#ifndef _NGX_CARRIERPAY_TEMPLATE_H_INCLUDED_
#define _NGX_CARRIERPAY_TEMPLATE_H_INCLUDED_


/*
 * Templates, a small part of Mustache:
 *
 *      {{name}}                the value, escaped as the template says
 *      {{&name}}               the value as it is; only for names that the
 *                              code has declared raw
 *      {{#name}} ... {{/name}} kept if the value is not empty
 *      {{^name}} ... {{/name}} kept if the value is empty
 *
 * Sections nest up to NGX_CARRIERPAY_TEMPLATE_DEPTH deep, and there are no
 * loops.  Names are written without blanks and must be in the table.  "{{"
 * always opens a tag.
 *
 * What is escaped depends on where the text goes: into HTML (or XML), into
 * plain text, into the strings of JSON, where the template has the quotes, or
 * into the values of a form or a query.
 *
 * A template is compiled once, while the configuration is read.  Afterwards it
 * is constant and any number of requests may use it:
 *
 *      t.escape = NGX_CARRIERPAY_TEMPLATE_HTML;
 *      t.ops = NULL;
 *      compile(&t, ...)                            counts t.nops
 *      t.ops = ngx_palloc(cf->pool, t.nops * sizeof(..._op_t));
 *      compile(&t, ...)                            fills t.ops
 *
 * The ops point into the text, so the text must live as long as the template.
 * Values are numbered as the table of names is.  Nothing is allocated here.
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
    unsigned       raw:1;       /* the code has escaped it */
} ngx_carrierpay_template_name_t;


typedef struct {
    ngx_uint_t     type;        /* of the .c file alone */
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
 * Compiles a text.  If t->ops is NULL, the ops are counted into t->nops;
 * otherwise t->ops must have room for t->nops ops and is filled.  NGX_OK, or
 * NGX_ERROR and *err is set.
 */
ngx_int_t ngx_carrierpay_template_compile(ngx_carrierpay_template_t *t,
    const ngx_str_t *text, const ngx_carrierpay_template_name_t *names,
    ngx_uint_t nnames, ngx_carrierpay_template_error_t *err);

/*
 * The first function returns the length of the text with these values.  The
 * second one writes the text and returns the position after it.  There is one
 * value for each name, in the order of the table; len is 0 for an empty value.
 */
size_t ngx_carrierpay_template_size(const ngx_carrierpay_template_t *t,
    const ngx_str_t *values);
u_char *ngx_carrierpay_template_write(u_char *p,
    const ngx_carrierpay_template_t *t, const ngx_str_t *values);


#endif /* _NGX_CARRIERPAY_TEMPLATE_H_INCLUDED_ */
