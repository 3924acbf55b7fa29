
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_template.h>
#include <ngx_carrierpay_text.h>


typedef enum {
    NGX_CARRIERPAY_OP_TEXT = 0,
    NGX_CARRIERPAY_OP_VALUE,
    NGX_CARRIERPAY_OP_RAW,
    NGX_CARRIERPAY_OP_SECTION,          /* kept if not empty */
    NGX_CARRIERPAY_OP_INVERTED          /* kept if empty */
} ngx_carrierpay_template_op_e;


typedef struct {
    u_char                                *tag;
    ngx_uint_t                             op;
    ngx_uint_t                             value;
} ngx_carrierpay_template_section_t;


/* The state of one compilation. ops is NULL while they are only counted. */

typedef struct {
    u_char                                *p;
    u_char                                *last;

    ngx_carrierpay_template_op_t          *ops;
    ngx_uint_t                             nops;

    const ngx_carrierpay_template_name_t  *names;
    ngx_uint_t                             nnames;

    ngx_carrierpay_template_section_t      open[NGX_CARRIERPAY_TEMPLATE_DEPTH];
    ngx_uint_t                             depth;
} ngx_carrierpay_template_compiler_t;


typedef struct {
    size_t                               (*size)(const u_char *src, size_t n);
    u_char                              *(*write)(u_char *dst,
                                             const u_char *src, size_t n);
} ngx_carrierpay_template_escape_t;


static size_t ngx_carrierpay_template_plain_size(const u_char *src,
    size_t len);
static u_char *ngx_carrierpay_template_plain(u_char *dst, const u_char *src,
    size_t len);
static void ngx_carrierpay_template_text(
    ngx_carrierpay_template_compiler_t *c);
static const char *ngx_carrierpay_template_tag(
    ngx_carrierpay_template_compiler_t *c);
static const char *ngx_carrierpay_template_open(
    ngx_carrierpay_template_compiler_t *c, u_char *tag, ngx_uint_t type,
    ngx_uint_t value);
static const char *ngx_carrierpay_template_close(
    ngx_carrierpay_template_compiler_t *c, ngx_uint_t value);
static void ngx_carrierpay_template_add(ngx_carrierpay_template_compiler_t *c,
    ngx_uint_t type, ngx_uint_t value, u_char *start, u_char *end);
static u_char *ngx_carrierpay_template_braces(u_char *p, u_char *last,
    u_char brace);
static ngx_uint_t ngx_carrierpay_template_find(
    ngx_carrierpay_template_compiler_t *c, u_char *start, u_char *end);
static const ngx_carrierpay_template_op_t *ngx_carrierpay_template_next(
    const ngx_carrierpay_template_t *t, const ngx_str_t *values,
    ngx_uint_t *next);


/* The functions are in the order of ngx_carrierpay_template_e. */

static const ngx_carrierpay_template_escape_t
    ngx_carrierpay_template_escapes[] =
{
    { ngx_carrierpay_text_html_size, ngx_carrierpay_text_html },
    { ngx_carrierpay_template_plain_size, ngx_carrierpay_template_plain },
    { ngx_carrierpay_text_json_size, ngx_carrierpay_text_json },
    { ngx_carrierpay_text_uri_size, ngx_carrierpay_text_uri }
};


ngx_int_t
ngx_carrierpay_template_compile(ngx_carrierpay_template_t *t,
    const ngx_str_t *text, const ngx_carrierpay_template_name_t *names,
    ngx_uint_t nnames, ngx_carrierpay_template_error_t *err)
{
    u_char                              *p, *at;
    const char                          *failed;
    ngx_carrierpay_template_compiler_t   c;

    ngx_memzero(&c, sizeof(ngx_carrierpay_template_compiler_t));

    c.p = text->data;
    c.last = text->data + text->len;
    c.ops = t->ops;
    c.names = names;
    c.nnames = nnames;

    failed = NULL;
    at = c.p;

    while (c.p < c.last && failed == NULL) {
        ngx_carrierpay_template_text(&c);

        at = c.p;

        if (c.p < c.last) {
            failed = ngx_carrierpay_template_tag(&c);
        }
    }

    if (failed == NULL && c.depth) {
        failed = "section is not closed";
        at = c.open[c.depth - 1].tag;
    }

    if (failed) {
        err->text = failed;
        err->line = 1;

        for (p = text->data; p < at; p++) {
            err->line += (*p == '\n');
        }

        return NGX_ERROR;
    }

    t->nops = c.nops;

    return NGX_OK;
}


size_t
ngx_carrierpay_template_size(const ngx_carrierpay_template_t *t,
    const ngx_str_t *values)
{
    size_t                                   size;
    ngx_uint_t                               next;
    const ngx_str_t                         *value;
    const ngx_carrierpay_template_op_t      *op;
    const ngx_carrierpay_template_escape_t  *escape;

    escape = &ngx_carrierpay_template_escapes[t->escape];

    size = 0;
    next = 0;

    while ((op = ngx_carrierpay_template_next(t, values, &next)) != NULL) {
        value = &values[op->value];

        switch (op->type) {

        case NGX_CARRIERPAY_OP_TEXT:
            size += op->text.len;
            break;

        case NGX_CARRIERPAY_OP_RAW:
            size += value->len;
            break;

        default: /* NGX_CARRIERPAY_OP_VALUE */
            size += escape->size(value->data, value->len);
        }
    }

    return size;
}


u_char *
ngx_carrierpay_template_write(u_char *p, const ngx_carrierpay_template_t *t,
    const ngx_str_t *values)
{
    ngx_uint_t                               next;
    const ngx_str_t                         *value;
    const ngx_carrierpay_template_op_t      *op;
    const ngx_carrierpay_template_escape_t  *escape;

    escape = &ngx_carrierpay_template_escapes[t->escape];

    next = 0;

    while ((op = ngx_carrierpay_template_next(t, values, &next)) != NULL) {
        value = &values[op->value];

        switch (op->type) {

        case NGX_CARRIERPAY_OP_TEXT:
            p = ngx_cpymem(p, op->text.data, op->text.len);
            break;

        case NGX_CARRIERPAY_OP_RAW:
            p = ngx_carrierpay_template_plain(p, value->data, value->len);
            break;

        default: /* NGX_CARRIERPAY_OP_VALUE */
            p = escape->write(p, value->data, value->len);
        }
    }

    return p;
}


static size_t
ngx_carrierpay_template_plain_size(const u_char *src, size_t len)
{
    (void) src;

    return len;
}


static u_char *
ngx_carrierpay_template_plain(u_char *dst, const u_char *src, size_t len)
{
    return len ? ngx_cpymem(dst, src, len) : dst;
}


/* Compiles the text before the next tag or before the end. */

static void
ngx_carrierpay_template_text(ngx_carrierpay_template_compiler_t *c)
{
    u_char  *end;

    end = ngx_carrierpay_template_braces(c->p, c->last, '{');

    if (end == NULL) {
        end = c->last;
    }

    if (end > c->p) {
        ngx_carrierpay_template_add(c, NGX_CARRIERPAY_OP_TEXT, 0, c->p, end);
    }

    c->p = end;
}


/* Compiles the tag that begins here. */

static const char *
ngx_carrierpay_template_tag(ngx_carrierpay_template_compiler_t *c)
{
    u_char      *tag, *start, *end, sign;
    ngx_uint_t   value;

    tag = c->p;
    start = tag + 2;
    end = ngx_carrierpay_template_braces(start, c->last, '}');

    if (end == NULL) {
        return "tag is not closed";
    }

    c->p = end + 2;

    sign = *start;

    if (sign == '#' || sign == '^' || sign == '/' || sign == '&') {
        start++;
    }

    value = ngx_carrierpay_template_find(c, start, end);

    if (value == c->nnames) {
        return "name is unknown";
    }

    switch (sign) {

    case '#':
        return ngx_carrierpay_template_open(c, tag, NGX_CARRIERPAY_OP_SECTION,
                                            value);

    case '^':
        return ngx_carrierpay_template_open(c, tag, NGX_CARRIERPAY_OP_INVERTED,
                                            value);

    case '/':
        return ngx_carrierpay_template_close(c, value);

    case '&':
        if (!c->names[value].raw) {
            return "value must not be written raw";
        }

        ngx_carrierpay_template_add(c, NGX_CARRIERPAY_OP_RAW, value, NULL,
                                    NULL);
        return NULL;

    default:
        ngx_carrierpay_template_add(c, NGX_CARRIERPAY_OP_VALUE, value, NULL,
                                    NULL);
        return NULL;
    }
}


static const char *
ngx_carrierpay_template_open(ngx_carrierpay_template_compiler_t *c,
    u_char *tag, ngx_uint_t type, ngx_uint_t value)
{
    ngx_carrierpay_template_section_t  *section;

    if (c->depth == NGX_CARRIERPAY_TEMPLATE_DEPTH) {
        return "sections are nested too deep";
    }

    section = &c->open[c->depth++];

    section->tag = tag;
    section->op = c->nops;
    section->value = value;

    ngx_carrierpay_template_add(c, type, value, NULL, NULL);

    return NULL;
}


static const char *
ngx_carrierpay_template_close(ngx_carrierpay_template_compiler_t *c,
    ngx_uint_t value)
{
    ngx_carrierpay_template_section_t  *section;

    if (c->depth == 0) {
        return "no section is open";
    }

    section = &c->open[--c->depth];

    if (section->value != value) {
        return "another section must be closed first";
    }

    if (c->ops) {
        c->ops[section->op].next = c->nops;
    }

    return NULL;
}


static void
ngx_carrierpay_template_add(ngx_carrierpay_template_compiler_t *c,
    ngx_uint_t type, ngx_uint_t value, u_char *start, u_char *end)
{
    ngx_carrierpay_template_op_t  *op;

    if (c->ops) {
        op = &c->ops[c->nops];

        op->type = type;
        op->value = value;
        op->next = 0;
        op->text.data = start;
        op->text.len = end - start;
    }

    c->nops++;
}


/* Returns the next pair of braces, or NULL. */

static u_char *
ngx_carrierpay_template_braces(u_char *p, u_char *last, u_char brace)
{
    for ( /* void */ ; p + 1 < last; p++) {
        if (p[0] == brace && p[1] == brace) {
            return p;
        }
    }

    return NULL;
}


/* Returns the number of a name, or nnames if there is no such name. */

static ngx_uint_t
ngx_carrierpay_template_find(ngx_carrierpay_template_compiler_t *c,
    u_char *start, u_char *end)
{
    size_t            len;
    ngx_uint_t        i;
    const ngx_str_t  *name;

    len = end - start;

    for (i = 0; i < c->nnames; i++) {
        name = &c->names[i].name;

        if (name->len == len && ngx_memcmp(name->data, start, len) == 0) {
            break;
        }
    }

    return i;
}


/*
 * Returns the next op that writes something; sections that are left out are
 * passed over.
 */

static const ngx_carrierpay_template_op_t *
ngx_carrierpay_template_next(const ngx_carrierpay_template_t *t,
    const ngx_str_t *values, ngx_uint_t *next)
{
    ngx_uint_t                           empty;
    const ngx_carrierpay_template_op_t  *op;

    while (*next < t->nops) {

        op = &t->ops[*next];

        if (op->type < NGX_CARRIERPAY_OP_SECTION) {
            (*next)++;
            return op;
        }

        empty = values[op->value].len == 0;

        if (empty == (op->type == NGX_CARRIERPAY_OP_INVERTED)) {
            (*next)++;

        } else {
            *next = op->next;
        }
    }

    return NULL;
}
