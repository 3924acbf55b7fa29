
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_pin_issue.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_pin_issue_seal(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_issue_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_line_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);
static ngx_int_t ngx_carrierpay_pin_issue_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_pin_issue_parse(ngx_log_t *log,
    const ngx_str_t *word, ngx_carrierpay_pin_send_e *result);
static ngx_int_t ngx_carrierpay_pin_last_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_pin_send_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_pin_issue_columns[] = {
    column(INT8, checkout.read.payment.id),
    column(INT4, checkout.read.payment.merchant_id),
    column(BOOL, checkout.read.payment.live),
    column(INT8, pin_id),
    column(TEXT, operator),
    column(TEXT, mvno),
    column(HASH, index),
    column(BYTEA, msisdn),
    column(INT8, message_id),
    column(TEXT, locale),
    column(BYTEA, body),
    column(BOOL, looked_up),
    column(BYTEA, visitor.name),
    column(BOOL, visitor.proved),
    column(INT8_OPTIONAL, attempts),
    column(INT8_OPTIONAL, attempts_until)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_issue_statement = {
    "pin_issue",
    ngx_carrierpay_columns(ngx_carrierpay_pin_issue_columns),
    ngx_carrierpay_pin_issue_row,
    .batched = 0
};


static const ngx_carrierpay_column_t  ngx_carrierpay_pin_line_columns[] = {
    column(HASH, index),
    column(BOOL, checkout.read.payment.live),
    column(BYTEA, visitor.name),
    column(BOOL, visitor.proved)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_line_statement = {
    "pin_line",
    ngx_carrierpay_columns(ngx_carrierpay_pin_line_columns),
    ngx_carrierpay_pin_line_row,
    .batched = 0
};


static const ngx_carrierpay_column_t  ngx_carrierpay_pin_last_columns[] = {
    column(INT8, checkout.read.payment.id),
    column(INT4, checkout.read.merchant_id),
    column(BOOL, checkout.read.live)
};

ngx_carrierpay_statement_t  ngx_carrierpay_pin_last_statement = {
    "pin_last",
    ngx_carrierpay_columns(ngx_carrierpay_pin_last_columns),
    ngx_carrierpay_pin_last_row,
    .batched = 0
};


static const struct {
    ngx_str_t                  word;
    ngx_carrierpay_pin_send_e  result;
} ngx_carrierpay_pin_issue_words[] = {
    { ngx_string("issued"), NGX_CARRIERPAY_PIN_SENT },
    { ngx_string("wait"), NGX_CARRIERPAY_PIN_WAIT },
    { ngx_string("exhausted"), NGX_CARRIERPAY_PIN_EXHAUSTED },
    { ngx_string("locked"), NGX_CARRIERPAY_PIN_LOCKED },
    { ngx_string("already"), NGX_CARRIERPAY_PIN_ENDED },
    { ngx_string("expired"), NGX_CARRIERPAY_PIN_ENDED },
    { ngx_string("not_found"), NGX_CARRIERPAY_PIN_ENDED }
};


ngx_int_t
ngx_carrierpay_pin_issue(ngx_carrierpay_flow_t *flow)
{
    ngx_uint_t                  line;
    ngx_carrierpay_carrier_t   *carrier;
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;
    carrier = &send->checkout.session.identity.carrier;

    send->message_id = ngx_carrierpay_ledger_id(flow);
    send->operator = carrier->operator->name;
    send->looked_up = (carrier->evidence == NGX_CARRIERPAY_EVIDENCE_LOOKUP);
    send->locale = send->merchant_page ? send->checkout.read.payment.locale
                                       : send->checkout.consent.locale;

    if (carrier->mvno) {
        send->mvno = carrier->mvno->name;
    }

    if (ngx_carrierpay_pin_issue_seal(flow) != NGX_OK) {
        return NGX_ERROR;
    }

    /* guesses are counted in the cell of the line */

    line = ngx_carrierpay_ledger_line(flow, send->index);

    if (line == flow->cell) {
        return ngx_carrierpay_pin_issue_ask(flow);
    }

    send->line_asked = 1;

    return ngx_carrierpay_ledger_ask_cell(flow, line, &send->call,
                                          &ngx_carrierpay_pin_line_statement,
                                          send, 0);
}


static ngx_int_t
ngx_carrierpay_pin_issue_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &send->call,
                                     &ngx_carrierpay_pin_issue_statement, send,
                                     0);
}


static ngx_int_t
ngx_carrierpay_pin_line_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_pin_send_t  *send;

    send = call->args;

    send->attempts.set = 1;
    send->attempts.value = ngx_carrierpay_pq_int(res, row, 0);
    send->attempts_until.set = 1;
    send->attempts_until.value = ngx_carrierpay_pq_int(res, row, 1);

    return NGX_OK;
}


/*
 * The PIN is sealed until the SMS is sent, followed by the host of our page,
 * to which alone a browser may give it (see ngx_carrierpay_message.h).
 */

static ngx_int_t
ngx_carrierpay_pin_issue_seal(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                   rc;
    ngx_str_t                   end_user, pin, *host;
    ngx_carrierpay_keyring_t   *ring;
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;
    ring = &flow->core->conf->keyring;
    host = &flow->core->conf->pay_host;

    pin.len = sizeof(send->digits) + (send->merchant_page ? 0 : host->len);
    pin.data = ngx_pnalloc(flow->pool, pin.len);

    if (pin.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(pin.data, send->digits, sizeof(send->digits));
    ngx_memcpy(pin.data + sizeof(send->digits), host->data,
               pin.len - sizeof(send->digits));

    rc = ngx_carrierpay_keyring_seal(ring, flow->pool,
                                     &ngx_carrierpay_aad_message, &pin,
                                     &send->body);

    ngx_explicit_memzero(send->digits, sizeof(send->digits));
    ngx_explicit_memzero(pin.data, pin.len);

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_carrierpay_identity_end_user(&send->checkout.session.identity,
                                     &end_user);

    return ngx_carrierpay_keyring_seal(ring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn, &end_user,
                                       &send->msisdn);
}


static ngx_int_t
ngx_carrierpay_pin_issue_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                   word;
    ngx_carrierpay_pin_sent_t  *sent;

    sent = &((ngx_carrierpay_pin_send_t *) call->args)->sent;

    sent->wait = (ngx_carrierpay_pq_int(res, row, 1) + 999) / 1000;
    sent->left = ngx_carrierpay_pq_int(res, row, 2);
    sent->elsewhere = ngx_carrierpay_pq_int(res, row, 3);
    sent->tries = ngx_carrierpay_pq_int(res, row, 4);

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    return ngx_carrierpay_pin_issue_parse(call->pool->log, &word,
                                          &sent->result);
}


static ngx_int_t
ngx_carrierpay_pin_issue_parse(ngx_log_t *log, const ngx_str_t *word,
    ngx_carrierpay_pin_send_e *result)
{
    ngx_uint_t        i, n;
    const ngx_str_t  *known;

    n = sizeof(ngx_carrierpay_pin_issue_words)
        / sizeof(ngx_carrierpay_pin_issue_words[0]);

    for (i = 0; i < n; i++) {
        known = &ngx_carrierpay_pin_issue_words[i].word;

        if (known->len == word->len
            && ngx_memcmp(known->data, word->data, word->len) == 0)
        {
            *result = ngx_carrierpay_pin_issue_words[i].result;
            return NGX_OK;
        }
    }

    ngx_log_error(NGX_LOG_ALERT, log, 0,
                  "the ledger answered \"%V\" to the issue of a PIN", word);

    return NGX_ERROR;
}


ngx_int_t
ngx_carrierpay_pin_issue_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_pin_send_t  *send;
    ngx_carrierpay_pin_sent_t  *sent;

    send = flow->data;
    sent = &send->sent;

    if (send->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (send->line_asked) {
        send->line_asked = 0;
        return ngx_carrierpay_pin_issue_ask(flow);
    }

    if (sent->result == NGX_CARRIERPAY_PIN_SENT) {
        send->checkout.read.payment.pin = 1;
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_SENT);
        ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].messages);

    } else {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_REFUSED);
    }

    /* a PIN that was sent to this number before may still be entered */

    return (sent->result == NGX_CARRIERPAY_PIN_LOCKED
            || sent->result == NGX_CARRIERPAY_PIN_ENDED || sent->elsewhere)
           ? NGX_DONE : NGX_OK;
}


ngx_int_t
ngx_carrierpay_pin_last(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &send->call,
                                     &ngx_carrierpay_pin_last_statement, send,
                                     0);
}


static ngx_int_t
ngx_carrierpay_pin_last_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_pin_send_t  *send;

    send = call->args;

    return ngx_carrierpay_pq_copy(res, row, 2, call->pool, &send->msisdn);
}


ngx_int_t
ngx_carrierpay_pin_last_done(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                   end_user;
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;

    if (send->call.rc != NGX_OK) {
        return ngx_carrierpay_ledger_answered(flow, &send->call);
    }

    if (ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &send->msisdn,
                                    &end_user)
        != NGX_OK
        || ngx_carrierpay_msisdn_load(&end_user,
                                  &send->checkout.session.identity.msisdn)
           != NGX_OK)
    {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_OK;
}
