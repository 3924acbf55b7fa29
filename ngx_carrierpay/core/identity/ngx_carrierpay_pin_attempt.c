
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_service.h"


typedef struct {
    ngx_str_t                      word;
    ngx_carrierpay_pin_attempt_e   result;
} ngx_carrierpay_pin_attempt_word_t;


static ngx_int_t ngx_carrierpay_pin_attempt_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_pin_count_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static ngx_int_t ngx_carrierpay_pin_lost_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static ngx_int_t ngx_carrierpay_pin_attempt_line(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt,
    ngx_carrierpay_statement_t *statement);
static ngx_int_t ngx_carrierpay_pin_attempt_parse(ngx_log_t *log,
    const ngx_str_t *word, ngx_carrierpay_pin_attempt_e *result);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_pin_attempt_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_pin_attempt_columns[] = {
    column(INT8, payment_id),
    column(INT4_OR_NULL, merchant_id),
    column(BOOL, live),
    column(BYTEA, index),
    column(INT8, id),
    column(BYTEA, visitor.name),
    column(BYTEA, visitor.block),
    column(BOOL, visitor.proved)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_attempt_statement = {
    "pin_attempt",
    ngx_carrierpay_columns(ngx_carrierpay_pin_attempt_columns),
    ngx_carrierpay_pin_attempt_row,
    .batched = 0
};


static const ngx_carrierpay_column_t  ngx_carrierpay_pin_count_columns[] = {
    column(INT8, id),
    column(INT8, payment_id),
    column(BYTEA, elsewhere),
    column(BOOL, live),
    column(BYTEA, visitor.name),
    column(BYTEA, visitor.block),
    column(BOOL, visitor.proved)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_count_statement = {
    "pin_count",
    ngx_carrierpay_columns(ngx_carrierpay_pin_count_columns),
    ngx_carrierpay_pin_count_row,
    .batched = 0
};


static const ngx_carrierpay_column_t
    ngx_carrierpay_pin_uncount_columns[] =
{
    column(INT8, id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_uncount_statement = {
    "pin_uncount",
    ngx_carrierpay_columns(ngx_carrierpay_pin_uncount_columns),
    NULL,
    .batched = 0
};


static const ngx_carrierpay_column_t  ngx_carrierpay_pin_lost_columns[] = {
    column(INT8, payment_id),
    column(INT8, pin.pin_id),
    column(INT8, id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_lost_statement = {
    "pin_lost",
    ngx_carrierpay_columns(ngx_carrierpay_pin_lost_columns),
    ngx_carrierpay_pin_lost_row,
    .batched = 0
};


/* by ngx_carrierpay_pin_attempt_e; the last two words are both COMPLETED */

static const ngx_carrierpay_pin_attempt_word_t
    ngx_carrierpay_pin_attempt_words[] =
{
    { ngx_string("go"), NGX_CARRIERPAY_ATTEMPT_GO },
    { ngx_string("wrong"), NGX_CARRIERPAY_ATTEMPT_WRONG },
    { ngx_string("none"), NGX_CARRIERPAY_ATTEMPT_NONE },
    { ngx_string("changed"), NGX_CARRIERPAY_ATTEMPT_CHANGED },
    { ngx_string("exhausted"), NGX_CARRIERPAY_ATTEMPT_EXHAUSTED },
    { ngx_string("locked"), NGX_CARRIERPAY_ATTEMPT_LOCKED },
    { ngx_string("later"), NGX_CARRIERPAY_ATTEMPT_LATER },
    { ngx_string("lost"), NGX_CARRIERPAY_ATTEMPT_LOST },
    { ngx_string("already"), NGX_CARRIERPAY_ATTEMPT_COMPLETED },
    { ngx_string("not_found"), NGX_CARRIERPAY_ATTEMPT_NOT_FOUND },
    { ngx_string("expired"), NGX_CARRIERPAY_ATTEMPT_COMPLETED }
};


ngx_uint_t
ngx_carrierpay_pin_attempt_valid(const ngx_str_t *digits)
{
    size_t  i;

    if (digits->len != NGX_CARRIERPAY_PIN_LEN) {
        return 0;
    }

    for (i = 0; i < digits->len; i++) {
        if (digits->data[i] < '0' || digits->data[i] > '9') {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_carrierpay_pin_attempt_count(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    attempt->id = ngx_carrierpay_ledger_id(flow);
    attempt->pin.payment_id = attempt->payment_id;
    attempt->pin.digits = attempt->digits;

    return ngx_carrierpay_ledger_ask(flow, &attempt->call,
                                     &ngx_carrierpay_pin_attempt_statement,
                                     attempt, 0);
}


static ngx_int_t
ngx_carrierpay_pin_attempt_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                      word;
    ngx_pool_t                    *pool;
    ngx_carrierpay_pin_attempt_t  *attempt;

    attempt = call->args;
    pool = call->pool;

    attempt->pin.pin_id = ngx_carrierpay_pq_int(res, row, 1);
    attempt->left = ngx_carrierpay_pq_int(res, row, 2);
    attempt->pin.amount = ngx_carrierpay_pq_int(res, row, 6);
    attempt->looked_up = ngx_carrierpay_pq_int(res, row, 8);
    attempt->sends = ngx_carrierpay_pq_int(res, row, 9);
    attempt->wait = (ngx_carrierpay_pq_int(res, row, 10) + 999) / 1000;
    attempt->locks = ngx_carrierpay_pq_int(res, row, 11);

    if (ngx_carrierpay_pq_copy(res, row, 3, pool, &attempt->operator)
        != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 4, pool, &attempt->mvno) != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 5, pool, &attempt->sealed)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 7, pool, &attempt->pin.currency)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 12, pool, &attempt->elsewhere)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (attempt->elsewhere.len) {
        attempt->live = ngx_carrierpay_pq_int(res, row, 13);
    }

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    return ngx_carrierpay_pin_attempt_parse(pool->log, &word,
                                            &attempt->result);
}


static ngx_int_t
ngx_carrierpay_pin_attempt_parse(ngx_log_t *log, const ngx_str_t *word,
    ngx_carrierpay_pin_attempt_e *result)
{
    ngx_uint_t                                i, n;
    const ngx_carrierpay_pin_attempt_word_t  *known;

    known = ngx_carrierpay_pin_attempt_words;
    n = sizeof(ngx_carrierpay_pin_attempt_words) / sizeof(*known);

    for (i = 0; i < n; i++) {
        if (known[i].word.len == word->len
            && ngx_memcmp(known[i].word.data, word->data, word->len) == 0)
        {
            *result = known[i].result;
            return NGX_OK;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, log, 0,
                  "the ledger answered \"%V\" to a PIN", word);

    return NGX_ERROR;
}


ngx_int_t
ngx_carrierpay_pin_attempt_counted(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    if (attempt->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (attempt->result != NGX_CARRIERPAY_ATTEMPT_GO) {
        return NGX_OK;
    }

    if (attempt->elsewhere.len && !attempt->counted) {
        attempt->counted = 1;
        return ngx_carrierpay_pin_attempt_line(flow, attempt,
                                          &ngx_carrierpay_pin_count_statement);
    }

    if (ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn,
                                    &attempt->sealed, &attempt->pin.end_user)
        != NGX_OK)
    {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_OK;
}


/* Asks the cell of the line. */

static ngx_int_t
ngx_carrierpay_pin_attempt_line(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt,
    ngx_carrierpay_statement_t *statement)
{
    return ngx_carrierpay_ledger_ask_cell(flow,
                    ngx_carrierpay_ledger_line(flow, attempt->elsewhere.data),
                    &attempt->call, statement, attempt, 0);
}


static ngx_int_t
ngx_carrierpay_pin_count_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                      word;
    ngx_carrierpay_pin_attempt_t  *attempt;

    attempt = call->args;
    attempt->wait = (ngx_carrierpay_pq_int(res, row, 1) + 999) / 1000;
    attempt->locks = ngx_carrierpay_pq_int(res, row, 2);

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    return ngx_carrierpay_pin_attempt_parse(call->pool->log, &word,
                                            &attempt->result);
}


ngx_int_t
ngx_carrierpay_pin_attempt_compare(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    u_char            name[NGX_CARRIERPAY_PIN_NAME_LEN];
    ngx_str_t         argv[2];
    const ngx_str_t  *key;

    key = ngx_carrierpay_keyring_key(&flow->core->conf->keyring,
                                     NGX_CARRIERPAY_KEY_SESSION);

    ngx_carrierpay_pin_attempt_key(&attempt->pin, key, name);

    ngx_str_set(&argv[0], "GETDEL");
    argv[1].data = name;
    argv[1].len = sizeof(name);

    return ngx_carrierpay_flow_redis(flow, &attempt->command, 2, argv);
}


ngx_int_t
ngx_carrierpay_pin_attempt_compared(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    switch (attempt->command.reply) {

    case NGX_CARRIERPAY_REDIS_STRING:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_RIGHT);
        return NGX_OK;

    case NGX_CARRIERPAY_REDIS_NIL:
        attempt->result = NGX_CARRIERPAY_ATTEMPT_WRONG;
        return NGX_OK;

    default: /* refused or lost: the PIN may be used up */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}


ngx_int_t
ngx_carrierpay_pin_attempt_mark(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    u_char     name[NGX_CARRIERPAY_PIN_MARK_MAX];
    ngx_str_t  argv[2];

    if (attempt->result == NGX_CARRIERPAY_ATTEMPT_GO) {
        ngx_str_set(&argv[0], "DEL");

    } else {
        ngx_str_set(&argv[0], "EXISTS");
    }

    argv[1].data = name;
    argv[1].len = ngx_carrierpay_pin_attempt_mark_key(name,
                                                      attempt->pin.pin_id)
                  - name;

    return ngx_carrierpay_flow_redis(flow, &attempt->command, 2, argv);
}


/* A right PIN pays, whatever became of its mark. */

ngx_int_t
ngx_carrierpay_pin_attempt_marked(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    if (attempt->result == NGX_CARRIERPAY_ATTEMPT_GO) {
        return NGX_OK;
    }

    if (attempt->command.reply != NGX_CARRIERPAY_REDIS_INTEGER) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (attempt->command.integer == 0) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_LOST);
        attempt->result = NGX_CARRIERPAY_ATTEMPT_LOST;
        return NGX_OK;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_WRONG);

    if (attempt->locks) {
        attempt->result = NGX_CARRIERPAY_ATTEMPT_LOCKED;
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pin_attempt_forget(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    if (attempt->result != NGX_CARRIERPAY_ATTEMPT_LOST) {
        return NGX_OK;
    }

    return ngx_carrierpay_ledger_ask(flow, &attempt->call,
                                     &ngx_carrierpay_pin_lost_statement,
                                     attempt, 0);
}


static ngx_int_t
ngx_carrierpay_pin_lost_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                      word;
    ngx_carrierpay_pin_attempt_t  *attempt;

    attempt = call->args;

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    return ngx_carrierpay_pin_attempt_parse(call->pool->log, &word,
                                            &attempt->result);
}


ngx_int_t
ngx_carrierpay_pin_attempt_forgotten(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_pin_attempt_t *attempt)
{
    if (attempt->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (attempt->counted) {
        attempt->counted = 0;
        return ngx_carrierpay_pin_attempt_line(flow, attempt,
                                     &ngx_carrierpay_pin_uncount_statement);
    }

    return NGX_OK;
}


const ngx_str_t *
ngx_carrierpay_pin_attempt_name(ngx_carrierpay_pin_attempt_e result)
{
    return &ngx_carrierpay_pin_attempt_words[result].word;
}


void
ngx_carrierpay_pin_attempt_key(ngx_carrierpay_pin_t *pin,
    const ngx_str_t *key, u_char *name)
{
    u_char     mac[NGX_CARRIERPAY_SHA256_LEN];
    u_char     fixed[sizeof("pin::::::") + 3 * NGX_INT64_LEN];
    ngx_str_t  pieces[5];

    pieces[0].data = fixed;
    pieces[0].len = ngx_sprintf(fixed, "pin:%L:%L:%L:", pin->payment_id,
                                pin->pin_id, pin->amount)
                    - fixed;
    pieces[1] = pin->currency;
    pieces[2] = pin->end_user;
    ngx_str_set(&pieces[3], ":");
    pieces[4] = pin->digits;

    ngx_carrierpay_hmac_sha256_pieces(mac, key, pieces, 5);

    name = ngx_cpymem(name, "cp:pin:", sizeof("cp:pin:") - 1);
    (void) ngx_carrierpay_base64url_encode(name, mac, sizeof(mac));
}


u_char *
ngx_carrierpay_pin_attempt_mark_key(u_char *name, int64_t pin_id)
{
    return ngx_sprintf(name, "cp:pm:%L", pin_id);
}
