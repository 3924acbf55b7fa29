
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_statement.h"


typedef struct {
    uint32_t  scalar;
    uint32_t  array;
    size_t    size;       /* bytes of a value; 0: those of an ngx_str_t */
} ngx_carrierpay_column_type_t;


static ngx_int_t ngx_carrierpay_statement_prepare(
    ngx_carrierpay_statement_t *st, ngx_pool_t *pool,
    ngx_carrierpay_pq_statement_t *prepared);
static ngx_int_t ngx_carrierpay_statement_scalar(
    const ngx_carrierpay_column_t *col, void *args, ngx_pool_t *pool,
    ngx_carrierpay_pq_param_t *param);
static ngx_int_t ngx_carrierpay_statement_array(
    const ngx_carrierpay_column_t *col, ngx_carrierpay_sql_call_t **calls,
    ngx_uint_t n, ngx_pool_t *pool, ngx_carrierpay_pq_param_t *param);
static void ngx_carrierpay_statement_element(
    const ngx_carrierpay_column_t *col, void *args,
    ngx_carrierpay_pq_array_t *array);


#define ngx_carrierpay_statement_field(type, col, args)                       \
    ((type *) ((u_char *) (args) + (col)->offset))


/* by ngx_carrierpay_column_e */

static const ngx_carrierpay_column_type_t  ngx_carrierpay_column_types[] = {
    { NGX_CARRIERPAY_PQ_INT4, NGX_CARRIERPAY_PQ_INT4_ARRAY, 4 },
    { NGX_CARRIERPAY_PQ_INT4, NGX_CARRIERPAY_PQ_INT4_ARRAY, 4 },
    { NGX_CARRIERPAY_PQ_INT8, NGX_CARRIERPAY_PQ_INT8_ARRAY, 8 },
    { NGX_CARRIERPAY_PQ_INT8, NGX_CARRIERPAY_PQ_INT8_ARRAY, 8 },
    { NGX_CARRIERPAY_PQ_INT8, NGX_CARRIERPAY_PQ_INT8_ARRAY, 8 },
    { NGX_CARRIERPAY_PQ_BOOL, NGX_CARRIERPAY_PQ_BOOL_ARRAY, 1 },
    { NGX_CARRIERPAY_PQ_TEXT, NGX_CARRIERPAY_PQ_TEXT_ARRAY, 0 },
    { NGX_CARRIERPAY_PQ_BYTEA, NGX_CARRIERPAY_PQ_BYTEA_ARRAY, 0 },
    { NGX_CARRIERPAY_PQ_BYTEA, NGX_CARRIERPAY_PQ_BYTEA_ARRAY, 32 },
    { NGX_CARRIERPAY_PQ_UUID, NGX_CARRIERPAY_PQ_UUID_ARRAY, 16 }
};


ngx_carrierpay_pq_statement_t *
ngx_carrierpay_statements(ngx_pool_t *pool, ngx_carrierpay_statement_t **list,
    ngx_uint_t *n)
{
    ngx_uint_t                      i;
    ngx_carrierpay_pq_statement_t  *prepared;

    for (i = 0; list[i]; i++) {
        list[i]->number = i;
    }

    *n = i;

    prepared = ngx_pcalloc(pool, *n * sizeof(ngx_carrierpay_pq_statement_t));
    if (prepared == NULL) {
        return NULL;
    }

    for (i = 0; i < *n; i++) {
        if (ngx_carrierpay_statement_prepare(list[i], pool, &prepared[i])
            != NGX_OK)
        {
            return NULL;
        }
    }

    return prepared;
}


/* "select * from carrierpay.name($1, $2)" */

static ngx_int_t
ngx_carrierpay_statement_prepare(ngx_carrierpay_statement_t *st,
    ngx_pool_t *pool, ngx_carrierpay_pq_statement_t *prepared)
{
    u_char                              *p, *text;
    uint32_t                            *types;
    ngx_uint_t                           i;
    const ngx_carrierpay_column_type_t  *type;

    types = ngx_palloc(pool, (st->ncolumns + 1) * sizeof(uint32_t));
    text = ngx_pnalloc(pool, sizeof("select * from carrierpay.()")
                             + ngx_strlen(st->name)
                             + st->ncolumns * (sizeof("$, ") + NGX_INT_T_LEN));

    if (types == NULL || text == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(text, "select * from carrierpay.%s(", st->name);

    for (i = 0; i < st->ncolumns; i++) {
        type = &ngx_carrierpay_column_types[st->columns[i].type];
        types[i] = st->batched ? type->array : type->scalar;

        p = ngx_sprintf(p, "%s$%ui", i ? ", " : "", i + 1);
    }

    *p++ = ')';
    *p = '\0';

    prepared->name = st->name;
    prepared->text = (char *) text;
    prepared->nparams = st->ncolumns;
    prepared->types = types;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_statement_encode(ngx_carrierpay_statement_t *st,
    ngx_carrierpay_sql_call_t **calls, ngx_uint_t n, ngx_pool_t *pool,
    ngx_carrierpay_pq_query_t *query)
{
    ngx_int_t                       rc;
    ngx_uint_t                      i;
    const ngx_carrierpay_column_t  *col;

    query->statement = st->number;
    query->params = ngx_pcalloc(pool, (st->ncolumns + 1)
                                      * sizeof(ngx_carrierpay_pq_param_t));
    if (query->params == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < st->ncolumns; i++) {
        col = &st->columns[i];

        rc = st->batched
             ? ngx_carrierpay_statement_array(col, calls, n, pool,
                                              &query->params[i])
             : ngx_carrierpay_statement_scalar(col, calls[0]->args, pool,
                                               &query->params[i]);
        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_statement_scalar(const ngx_carrierpay_column_t *col,
    void *args, ngx_pool_t *pool, ngx_carrierpay_pq_param_t *param)
{
    int32_t                     n4;
    int64_t                     n8;
    ngx_str_t                  *text;
    ngx_carrierpay_optional_t  *optional;

    switch (col->type) {

    case NGX_CARRIERPAY_COLUMN_INT4:
    case NGX_CARRIERPAY_COLUMN_INT4_OR_NULL:
        n4 = *ngx_carrierpay_statement_field(int32_t, col, args);

        if (n4 == 0 && col->type == NGX_CARRIERPAY_COLUMN_INT4_OR_NULL) {
            return NGX_OK;
        }

        return ngx_carrierpay_pq_param_int4(param, pool, n4);

    case NGX_CARRIERPAY_COLUMN_INT8:
    case NGX_CARRIERPAY_COLUMN_INT8_OR_NULL:
        n8 = *ngx_carrierpay_statement_field(int64_t, col, args);

        if (n8 == 0 && col->type == NGX_CARRIERPAY_COLUMN_INT8_OR_NULL) {
            return NGX_OK;
        }

        return ngx_carrierpay_pq_param_int8(param, pool, n8);

    case NGX_CARRIERPAY_COLUMN_INT8_OPTIONAL:
        optional = ngx_carrierpay_statement_field(ngx_carrierpay_optional_t,
                                                  col, args);

        return optional->set ? ngx_carrierpay_pq_param_int8(param, pool,
                                                            optional->value)
                             : NGX_OK;

    case NGX_CARRIERPAY_COLUMN_BOOL:
        return ngx_carrierpay_pq_param_bool(param, pool,
                       *ngx_carrierpay_statement_field(ngx_uint_t, col, args));

    case NGX_CARRIERPAY_COLUMN_TEXT:
    case NGX_CARRIERPAY_COLUMN_BYTEA:
        text = ngx_carrierpay_statement_field(ngx_str_t, col, args);
        param->data = text->data;
        param->len = text->len;
        break;

    case NGX_CARRIERPAY_COLUMN_HASH:
    case NGX_CARRIERPAY_COLUMN_UUID:
        param->data = ngx_carrierpay_statement_field(u_char, col, args);
        param->len = ngx_carrierpay_column_types[col->type].size;
        break;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_statement_array(const ngx_carrierpay_column_t *col,
    ngx_carrierpay_sql_call_t **calls, ngx_uint_t n, ngx_pool_t *pool,
    ngx_carrierpay_pq_param_t *param)
{
    size_t                               size;
    ngx_str_t                           *text;
    ngx_uint_t                           i;
    ngx_carrierpay_pq_array_t            array;
    const ngx_carrierpay_column_type_t  *type;

    type = &ngx_carrierpay_column_types[col->type];
    size = n * type->size;

    for (i = 0; type->size == 0 && i < n; i++) {
        text = ngx_carrierpay_statement_field(ngx_str_t, col, calls[i]->args);
        size += text->len;
    }

    if (ngx_carrierpay_pq_array_open(&array, pool, type->scalar, n, size)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        ngx_carrierpay_statement_element(col, calls[i]->args, &array);
    }

    ngx_carrierpay_pq_array_close(&array, param);

    return NGX_OK;
}


static void
ngx_carrierpay_statement_element(const ngx_carrierpay_column_t *col,
    void *args, ngx_carrierpay_pq_array_t *array)
{
    int32_t                     n4;
    int64_t                     n8;
    ngx_str_t                  *text;
    ngx_carrierpay_optional_t  *optional;

    switch (col->type) {

    case NGX_CARRIERPAY_COLUMN_INT4:
    case NGX_CARRIERPAY_COLUMN_INT4_OR_NULL:
        n4 = *ngx_carrierpay_statement_field(int32_t, col, args);

        if (n4 == 0 && col->type == NGX_CARRIERPAY_COLUMN_INT4_OR_NULL) {
            ngx_carrierpay_pq_array_null(array);

        } else {
            ngx_carrierpay_pq_array_int4(array, n4);
        }

        break;

    case NGX_CARRIERPAY_COLUMN_INT8:
    case NGX_CARRIERPAY_COLUMN_INT8_OR_NULL:
        n8 = *ngx_carrierpay_statement_field(int64_t, col, args);

        if (n8 == 0 && col->type == NGX_CARRIERPAY_COLUMN_INT8_OR_NULL) {
            ngx_carrierpay_pq_array_null(array);

        } else {
            ngx_carrierpay_pq_array_int8(array, n8);
        }

        break;

    case NGX_CARRIERPAY_COLUMN_INT8_OPTIONAL:
        optional = ngx_carrierpay_statement_field(ngx_carrierpay_optional_t,
                                                  col, args);

        if (optional->set) {
            ngx_carrierpay_pq_array_int8(array, optional->value);

        } else {
            ngx_carrierpay_pq_array_null(array);
        }

        break;

    case NGX_CARRIERPAY_COLUMN_BOOL:
        ngx_carrierpay_pq_array_bool(array,
                       *ngx_carrierpay_statement_field(ngx_uint_t, col, args));
        break;

    case NGX_CARRIERPAY_COLUMN_TEXT:
    case NGX_CARRIERPAY_COLUMN_BYTEA:
        text = ngx_carrierpay_statement_field(ngx_str_t, col, args);
        ngx_carrierpay_pq_array_bytes(array, text->data, text->len);
        break;

    case NGX_CARRIERPAY_COLUMN_HASH:
    case NGX_CARRIERPAY_COLUMN_UUID:
        ngx_carrierpay_pq_array_bytes(array,
                             ngx_carrierpay_statement_field(u_char, col, args),
                             ngx_carrierpay_column_types[col->type].size);
        break;
    }
}
