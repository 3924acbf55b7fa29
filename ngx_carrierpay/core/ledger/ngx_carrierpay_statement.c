
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_statement.h"


/* where a column's value lies, and how it is written */

typedef enum {
    NGX_CARRIERPAY_SQL_IN_OP = 0,
    NGX_CARRIERPAY_SQL_IN_PAYMENT,
    NGX_CARRIERPAY_SQL_IN_CONSENT,
    NGX_CARRIERPAY_SQL_IN_DELIVERED,
    NGX_CARRIERPAY_SQL_IN_SENT
} ngx_carrierpay_sql_in_e;

typedef enum {
    NGX_CARRIERPAY_SQL_INT4 = 0,
    NGX_CARRIERPAY_SQL_INT8,
    NGX_CARRIERPAY_SQL_INT8_OR_NULL,    /* 0 is null */
    NGX_CARRIERPAY_SQL_BOOL,            /* ngx_uint_t */
    NGX_CARRIERPAY_SQL_TEXT,            /* ngx_str_t */
    NGX_CARRIERPAY_SQL_BYTEA,           /* ngx_str_t */
    NGX_CARRIERPAY_SQL_HASH,            /* u_char *, 32 bytes */
    NGX_CARRIERPAY_SQL_UUID             /* u_char *, 16 bytes */
} ngx_carrierpay_sql_type_e;

typedef struct {
    ngx_carrierpay_sql_in_e       in;
    ngx_carrierpay_sql_type_e     type;
    size_t                        offset;
} ngx_carrierpay_sql_column_t;

typedef struct {
    ngx_carrierpay_sql_e          statement;
    ngx_uint_t                    ncolumns;
    ngx_carrierpay_sql_column_t  *columns;
    ngx_int_t                   (*take)(ngx_carrierpay_ledger_op_t *op,
                                     ngx_carrierpay_pq_result_t *res,
                                     ngx_uint_t row);
} ngx_carrierpay_sql_function_t;


static ngx_int_t ngx_carrierpay_sql_encode_column(
    ngx_carrierpay_sql_column_t *col, ngx_carrierpay_ledger_op_t **ops,
    ngx_uint_t n, ngx_pool_t *pool, ngx_carrierpay_pq_param_t *param);
static void ngx_carrierpay_sql_encode_value(
    ngx_carrierpay_sql_column_t *col, ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_array_t *a);
static void *ngx_carrierpay_sql_field(ngx_carrierpay_sql_column_t *col,
    ngx_carrierpay_ledger_op_t *op);
static size_t ngx_carrierpay_sql_field_size(
    ngx_carrierpay_sql_column_t *col, ngx_carrierpay_ledger_op_t *op);
static ngx_int_t ngx_carrierpay_sql_take_create(
    ngx_carrierpay_ledger_op_t *op, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_sql_take_begin(
    ngx_carrierpay_ledger_op_t *op, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_sql_take_finish(
    ngx_carrierpay_ledger_op_t *op, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_sql_take_result(
    ngx_carrierpay_ledger_op_t *op, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);


#define INT4   NGX_CARRIERPAY_PQ_INT4
#define INT8   NGX_CARRIERPAY_PQ_INT8
#define BOOL   NGX_CARRIERPAY_PQ_BOOL
#define TEXT   NGX_CARRIERPAY_PQ_TEXT
#define BYTEA  NGX_CARRIERPAY_PQ_BYTEA

#define INT4S   NGX_CARRIERPAY_PQ_INT4_ARRAY
#define INT8S   NGX_CARRIERPAY_PQ_INT8_ARRAY
#define BOOLS   NGX_CARRIERPAY_PQ_BOOL_ARRAY
#define TEXTS   NGX_CARRIERPAY_PQ_TEXT_ARRAY
#define BYTEAS  NGX_CARRIERPAY_PQ_BYTEA_ARRAY
#define UUIDS   NGX_CARRIERPAY_PQ_UUID_ARRAY

#define types(...)  (const uint32_t []) { __VA_ARGS__ }


/* by ngx_carrierpay_sql_e; the functions are described in sql/ */

const ngx_carrierpay_pq_statement_t  ngx_carrierpay_statements[] = {

    { "worker_number",
      "select carrierpay.worker_number()",
      0, NULL },

    { "key_find",
      "select * from carrierpay.key_find($1)",
      1, types(BYTEA) },

    { "payment_create",
      "select * from carrierpay.payment_create($1, $2, $3, $4, $5, $6, $7, "
      "$8, $9, $10, $11, $12, $13, $14, $15, $16)",
      16, types(INT8S, INT4S, BOOLS, UUIDS, UUIDS, INT8S, TEXTS, TEXTS, TEXTS,
                TEXTS, TEXTS, INT8S, INT8S, TEXTS, TEXTS, BYTEAS) },

    { "payment_begin",
      "select * from carrierpay.payment_begin($1, $2, $3, $4, $5, $6, $7, "
      "$8, $9, $10, $11, $12, $13, $14, $15, $16)",
      16, types(INT8S, INT8S, TEXTS, INT8S, BYTEAS, BYTEAS, INT8S, TEXTS,
                TEXTS, INT8S, TEXTS, BYTEAS, TEXTS, TEXTS, TEXTS, INT8S) },

    { "payment_finish",
      "select * from carrierpay.payment_finish($1, $2, $3, $4, $5, $6, $7)",
      7, types(INT8S, TEXTS, TEXTS, TEXTS, TEXTS, INT8S, INT8S) },

    { "payment_expire",
      "select * from carrierpay.payment_expire($1, $2)",
      2, types(INT8S, TEXTS) },

    { "payment_get",
      "select * from carrierpay.payment_get($1, $2, $3)",
      3, types(INT4, BOOL, INT8) },

    { "payment_page",
      "select * from carrierpay.payment_page($1)",
      1, types(INT8S) },

    { "payment_claim",
      "select * from carrierpay.payment_claim($1, $2, $3)",
      3, types(INT4, INT4, INT8) },

    { "subscriber_get",
      "select * from carrierpay.subscriber_get($1, $2, $3)",
      3, types(INT4, BOOL, INT8) },

    { "eligibility",
      "select carrierpay.eligibility($1, $2, $3, $4, $5, $6)",
      6, types(INT4, BOOL, TEXT, BYTEA, INT8, TEXT) },

    { "outbox_claim",
      "select * from carrierpay.outbox_claim($1, $2, $3)",
      3, types(INT4, INT4, INT8) },

    { "outbox_done",
      "select * from carrierpay.outbox_done($1, $2, $3, $4, $5, $6)",
      6, types(INT8S, INT4S, INT4S, INT8S, BOOLS, INT4S) },

    { "message_claim",
      "select * from carrierpay.message_claim($1, $2, $3)",
      3, types(INT4, INT4, INT8) },

    { "message_done",
      "select * from carrierpay.message_done($1, $2, $3, $4, $5, $6, $7, $8)",
      8, types(INT8S, INT8S, TEXTS, TEXTS, TEXTS, INT4S, INT8S, TEXTS) },

    { "message_report",
      "select carrierpay.message_report($1, $2, $3)",
      3, types(INT8, TEXT, TEXT) },

    { "pin_issue",
      "select * from carrierpay.pin_issue($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12)",
      12, types(INT8, INT4, BOOL, INT8, TEXT, TEXT, BYTEA, BYTEA, INT8, TEXT,
                BYTEA, BOOL) },

    { "pin_line",
      "select * from carrierpay.pin_line($1, $2, $3)",
      3, types(INT8, INT4, BOOL) },

    { "pin_try",
      "select * from carrierpay.pin_try($1, $2, $3, $4, $5)",
      5, types(INT8, INT4, BOOL, BYTEA, INT8) },

    { "mo_take",
      "select * from carrierpay.mo_take($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, $11, $12, $13)",
      13, types(INT8, TEXT, TEXT, TEXT, TEXT, BYTEA, BYTEA, BYTEA, INT8, TEXT,
                TEXT, INT8, BOOL) },

    { "mail_add",
      "select carrierpay.mail_add($1, $2, $3, $4)",
      4, types(INT8, INT8, BYTEA, TEXT) },

    { "stop_subscriber",
      "select carrierpay.stop_subscriber($1, $2, $3)",
      3, types(INT4, BOOL, INT8) },

    { "stop_payment",
      "select carrierpay.stop_payment($1)",
      1, types(INT8) }
};


#define ngx_carrierpay_sql_op_column(type, field)                          \
    { NGX_CARRIERPAY_SQL_IN_OP, NGX_CARRIERPAY_SQL_##type,                 \
      offsetof(ngx_carrierpay_ledger_op_t, field) }

#define ngx_carrierpay_sql_payment_column(type, field)                     \
    { NGX_CARRIERPAY_SQL_IN_PAYMENT, NGX_CARRIERPAY_SQL_##type,            \
      offsetof(ngx_carrierpay_payment_t, field) }

#define ngx_carrierpay_sql_delivered_column(type, field)                   \
    { NGX_CARRIERPAY_SQL_IN_DELIVERED, NGX_CARRIERPAY_SQL_##type,          \
      offsetof(ngx_carrierpay_delivered_t, field) }


#define ngx_carrierpay_sql_consent_column(type, field)                     \
    { NGX_CARRIERPAY_SQL_IN_CONSENT, NGX_CARRIERPAY_SQL_##type,            \
      offsetof(ngx_carrierpay_consent_t, field) }

#define ngx_carrierpay_sql_sent_column(type, field)                        \
    { NGX_CARRIERPAY_SQL_IN_SENT, NGX_CARRIERPAY_SQL_##type,               \
      offsetof(ngx_carrierpay_sent_t, field) }


/* the functions' parameters, in order: one array a column */

static ngx_carrierpay_sql_column_t  ngx_carrierpay_sql_create_in[] = {
    ngx_carrierpay_sql_payment_column(INT8, id),
    ngx_carrierpay_sql_payment_column(INT4, merchant_id),
    ngx_carrierpay_sql_payment_column(BOOL, live),
    ngx_carrierpay_sql_op_column(UUID, idempotency),
    ngx_carrierpay_sql_op_column(UUID, request),
    ngx_carrierpay_sql_payment_column(INT8, amount),
    ngx_carrierpay_sql_payment_column(TEXT, currency),
    ngx_carrierpay_sql_payment_column(TEXT, description),
    ngx_carrierpay_sql_payment_column(TEXT, reference),
    ngx_carrierpay_sql_payment_column(TEXT, return_url),
    ngx_carrierpay_sql_payment_column(TEXT, metadata),
    ngx_carrierpay_sql_payment_column(INT8_OR_NULL, pseudonym_id),
    ngx_carrierpay_sql_payment_column(INT8, expires),
    ngx_carrierpay_sql_op_column(TEXT, body),
    ngx_carrierpay_sql_payment_column(TEXT, locale),
    ngx_carrierpay_sql_payment_column(BYTEA, email)
};

static ngx_carrierpay_sql_column_t  ngx_carrierpay_sql_begin_in[] = {
    ngx_carrierpay_sql_payment_column(INT8, id),
    ngx_carrierpay_sql_op_column(INT8, attempt),
    ngx_carrierpay_sql_op_column(TEXT, operator),
    ngx_carrierpay_sql_op_column(INT8, subscriber_id),
    ngx_carrierpay_sql_op_column(HASH, msisdn_index),
    ngx_carrierpay_sql_op_column(BYTEA, msisdn),
    ngx_carrierpay_sql_op_column(INT8, pseudonym_id),
    ngx_carrierpay_sql_op_column(TEXT, method),
    ngx_carrierpay_sql_op_column(TEXT, mvno),
    ngx_carrierpay_sql_consent_column(INT8_OR_NULL, shown_at),
    ngx_carrierpay_sql_consent_column(TEXT, locale),
    ngx_carrierpay_sql_consent_column(BYTEA, page),
    ngx_carrierpay_sql_consent_column(TEXT, shown),
    ngx_carrierpay_sql_consent_column(TEXT, address),
    ngx_carrierpay_sql_consent_column(TEXT, agent),
    ngx_carrierpay_sql_op_column(INT8_OR_NULL, try_id)
};

static ngx_carrierpay_sql_column_t  ngx_carrierpay_sql_finish_in[] = {
    ngx_carrierpay_sql_payment_column(INT8, id),
    ngx_carrierpay_sql_op_column(TEXT, outcome),
    ngx_carrierpay_sql_op_column(TEXT, code),
    ngx_carrierpay_sql_op_column(TEXT, operator_reference),
    ngx_carrierpay_sql_op_column(TEXT, body),
    ngx_carrierpay_sql_op_column(INT8_OR_NULL, sms_id),
    ngx_carrierpay_sql_op_column(INT8_OR_NULL, mail_id)
};

static ngx_carrierpay_sql_column_t  ngx_carrierpay_sql_expire_in[] = {
    ngx_carrierpay_sql_payment_column(INT8, id),
    ngx_carrierpay_sql_op_column(TEXT, body)
};

static ngx_carrierpay_sql_column_t  ngx_carrierpay_sql_delivered_in[] =
{
    ngx_carrierpay_sql_delivered_column(INT8, payment_id),
    ngx_carrierpay_sql_delivered_column(INT4, seq),
    ngx_carrierpay_sql_delivered_column(INT4, endpoint_id),
    ngx_carrierpay_sql_delivered_column(INT8, token),
    ngx_carrierpay_sql_delivered_column(BOOL, delivered),
    ngx_carrierpay_sql_delivered_column(INT4, retry_after)
};

static ngx_carrierpay_sql_column_t  ngx_carrierpay_sql_sent_in[] = {
    ngx_carrierpay_sql_sent_column(INT8, id),
    ngx_carrierpay_sql_sent_column(INT8, token),
    ngx_carrierpay_sql_sent_column(TEXT, outcome),
    ngx_carrierpay_sql_sent_column(TEXT, provider),
    ngx_carrierpay_sql_sent_column(TEXT, reference),
    ngx_carrierpay_sql_sent_column(INT4, parts),
    ngx_carrierpay_sql_sent_column(INT8_OR_NULL, price),
    ngx_carrierpay_sql_sent_column(TEXT, currency)
};


#define ngx_carrierpay_sql_columns(table)                                  \
    sizeof(table) / sizeof(ngx_carrierpay_sql_column_t), table


static ngx_carrierpay_sql_function_t
    ngx_carrierpay_sql_functions[NGX_CARRIERPAY_LEDGER_MAX] =
{
    { NGX_CARRIERPAY_SQL_PAYMENT_CREATE,
      ngx_carrierpay_sql_columns(ngx_carrierpay_sql_create_in),
      ngx_carrierpay_sql_take_create },

    { NGX_CARRIERPAY_SQL_PAYMENT_BEGIN,
      ngx_carrierpay_sql_columns(ngx_carrierpay_sql_begin_in),
      ngx_carrierpay_sql_take_begin },

    { NGX_CARRIERPAY_SQL_PAYMENT_FINISH,
      ngx_carrierpay_sql_columns(ngx_carrierpay_sql_finish_in),
      ngx_carrierpay_sql_take_finish },

    { NGX_CARRIERPAY_SQL_PAYMENT_EXPIRE,
      ngx_carrierpay_sql_columns(ngx_carrierpay_sql_expire_in),
      ngx_carrierpay_sql_take_result },

    { NGX_CARRIERPAY_SQL_OUTBOX_DONE,
      ngx_carrierpay_sql_columns(ngx_carrierpay_sql_delivered_in),
      ngx_carrierpay_sql_take_result },

    { NGX_CARRIERPAY_SQL_MESSAGE_DONE,
      ngx_carrierpay_sql_columns(ngx_carrierpay_sql_sent_in),
      ngx_carrierpay_sql_take_result }
};


/* by ngx_carrierpay_sql_type_e */

static uint32_t  ngx_carrierpay_sql_oids[] = {
    NGX_CARRIERPAY_PQ_INT4,
    NGX_CARRIERPAY_PQ_INT8,
    NGX_CARRIERPAY_PQ_INT8,
    NGX_CARRIERPAY_PQ_BOOL,
    NGX_CARRIERPAY_PQ_TEXT,
    NGX_CARRIERPAY_PQ_BYTEA,
    NGX_CARRIERPAY_PQ_BYTEA,
    NGX_CARRIERPAY_PQ_UUID
};


ngx_int_t
ngx_carrierpay_sql_query(ngx_carrierpay_pq_query_t *query,
    ngx_carrierpay_ledger_e kind, ngx_carrierpay_ledger_op_t **ops,
    ngx_uint_t n, ngx_pool_t *pool)
{
    ngx_uint_t                      i;
    ngx_carrierpay_sql_function_t  *f;

    f = &ngx_carrierpay_sql_functions[kind];

    query->statement = f->statement;

    query->params = ngx_palloc(pool, f->ncolumns
                                     * sizeof(ngx_carrierpay_pq_param_t));
    if (query->params == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < f->ncolumns; i++) {
        if (ngx_carrierpay_sql_encode_column(&f->columns[i], ops, n, pool,
                                             &query->params[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_sql_row(ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    return ngx_carrierpay_sql_functions[op->kind].take(op, res, row);
}


static ngx_int_t
ngx_carrierpay_sql_encode_column(ngx_carrierpay_sql_column_t *col,
    ngx_carrierpay_ledger_op_t **ops, ngx_uint_t n, ngx_pool_t *pool,
    ngx_carrierpay_pq_param_t *param)
{
    size_t                     size;
    ngx_uint_t                 i;
    ngx_carrierpay_pq_array_t  a;

    size = 0;

    for (i = 0; i < n; i++) {
        size += ngx_carrierpay_sql_field_size(col, ops[i]);
    }

    if (ngx_carrierpay_pq_array_open(&a, pool,
                                     ngx_carrierpay_sql_oids[col->type], n,
                                     size)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        ngx_carrierpay_sql_encode_value(col, ops[i], &a);
    }

    ngx_carrierpay_pq_array_close(&a, param);

    return NGX_OK;
}


static void
ngx_carrierpay_sql_encode_value(ngx_carrierpay_sql_column_t *col,
    ngx_carrierpay_ledger_op_t *op, ngx_carrierpay_pq_array_t *a)
{
    void       *field;
    int64_t     n;
    ngx_str_t  *text;

    field = ngx_carrierpay_sql_field(col, op);

    switch (col->type) {

    case NGX_CARRIERPAY_SQL_INT4:
        ngx_carrierpay_pq_array_int4(a, *(int32_t *) field);
        break;

    case NGX_CARRIERPAY_SQL_INT8:
        ngx_carrierpay_pq_array_int8(a, *(int64_t *) field);
        break;

    case NGX_CARRIERPAY_SQL_INT8_OR_NULL:
        n = *(int64_t *) field;

        if (n) {
            ngx_carrierpay_pq_array_int8(a, n);

        } else {
            ngx_carrierpay_pq_array_null(a);
        }

        break;

    case NGX_CARRIERPAY_SQL_BOOL:
        ngx_carrierpay_pq_array_bool(a, *(ngx_uint_t *) field);
        break;

    case NGX_CARRIERPAY_SQL_TEXT:
    case NGX_CARRIERPAY_SQL_BYTEA:
        text = field;
        ngx_carrierpay_pq_array_bytes(a, text->data, text->len);
        break;

    case NGX_CARRIERPAY_SQL_HASH:
        ngx_carrierpay_pq_array_bytes(a, *(u_char **) field, 32);
        break;

    case NGX_CARRIERPAY_SQL_UUID:
        ngx_carrierpay_pq_array_bytes(a, *(u_char **) field, 16);
        break;
    }
}


static void *
ngx_carrierpay_sql_field(ngx_carrierpay_sql_column_t *col,
    ngx_carrierpay_ledger_op_t *op)
{
    u_char  *base;

    switch (col->in) {

    case NGX_CARRIERPAY_SQL_IN_PAYMENT:
        base = (u_char *) op->payment;
        break;

    case NGX_CARRIERPAY_SQL_IN_CONSENT:
        base = (u_char *) op->consent;
        break;

    case NGX_CARRIERPAY_SQL_IN_DELIVERED:
        base = (u_char *) op->delivered;
        break;

    case NGX_CARRIERPAY_SQL_IN_SENT:
        base = (u_char *) op->sent;
        break;

    default: /* NGX_CARRIERPAY_SQL_IN_OP */
        base = (u_char *) op;
        break;
    }

    return base + col->offset;
}


/* at most that many bytes */

static size_t
ngx_carrierpay_sql_field_size(ngx_carrierpay_sql_column_t *col,
    ngx_carrierpay_ledger_op_t *op)
{
    ngx_str_t  *text;

    switch (col->type) {

    case NGX_CARRIERPAY_SQL_TEXT:
    case NGX_CARRIERPAY_SQL_BYTEA:
        text = ngx_carrierpay_sql_field(col, op);
        return text->len;

    case NGX_CARRIERPAY_SQL_HASH:
        return 32;

    case NGX_CARRIERPAY_SQL_UUID:
        return 16;

    default: /* integers and booleans */
        return sizeof(int64_t);
    }
}


static ngx_int_t
ngx_carrierpay_sql_take_create(ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    op->payment_id = ngx_carrierpay_pq_int(res, row, 2);

    if (ngx_carrierpay_pq_copy(res, row, 3, op->pool, &op->answer) != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 4, op->pool,
                                  &op->payment->operator)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 5, op->pool, &op->payment->msisdn)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 6, op->pool, &op->mvno) != NGX_OK)
    {
        return NGX_AGAIN;
    }

    return ngx_carrierpay_sql_take_result(op, res, row);
}


static ngx_int_t
ngx_carrierpay_sql_take_begin(ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    /* column 2, the state, is in the payment's columns too */

    if (!ngx_carrierpay_pq_null(res, row, 3)
        && ngx_carrierpay_payment_read(op->payment, res, row, 3, op->pool)
           != NGX_OK)
    {
        return NGX_AGAIN;
    }

    return ngx_carrierpay_sql_take_result(op, res, row);
}


static ngx_int_t
ngx_carrierpay_sql_take_finish(ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_payment_t  *p;

    p = op->payment;

    if (ngx_carrierpay_pq_copy(res, row, 2, op->pool, &p->state) != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 4, op->pool, &p->failure_code)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 5, op->pool, &op->answer)
           != NGX_OK)
    {
        return NGX_AGAIN;
    }

    p->outcome_unknown = ngx_carrierpay_pq_int(res, row, 3);
    p->approval = ngx_carrierpay_pq_int(res, row, 6);

    return ngx_carrierpay_sql_take_result(op, res, row);
}


/* A committed answer that memory was too short for is "perhaps done". */

static ngx_int_t
ngx_carrierpay_sql_take_result(ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    if (ngx_carrierpay_pq_copy(res, row, 1, op->pool, &op->result) != NGX_OK) {
        return NGX_AGAIN;
    }

    return NGX_OK;
}
