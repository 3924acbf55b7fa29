
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_gsm.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_mail.h"
#include "ngx_carrierpay_message.h"
#include "ngx_carrierpay_message_text.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_token.h"


#define NGX_CARRIERPAY_MESSAGE_RECORD_TIMEOUT  30000    /* ms */


typedef struct {
    ngx_carrierpay_wording_t      wording;     /* what it says, and to whom */
    int64_t                       deadline;
    ngx_str_t                     channel;     /* "s", "m" */
    ngx_str_t                     route;       /* operator, or empty */
    ngx_str_t                     recipient;   /* sealed */
    ngx_str_t                     body;        /* sealed, or empty */
    ngx_str_t                     locale;      /* the merchant's, or empty */
    ngx_str_t                     mvno;        /* the payer's, or empty */

    ngx_carrierpay_operator_t    *operator;    /* whose providers send it */
    ngx_uint_t                    provider;    /* the next one to try */
    ngx_uint_t                    refused;     /* by so many */
    ngx_carrierpay_sms_send_t     send;
    ngx_carrierpay_smtp_mail_t    mail;

    ngx_carrierpay_sent_t         sent;
    ngx_carrierpay_ledger_op_t    op;
} ngx_carrierpay_message_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_message_flow(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_message_read(ngx_carrierpay_message_t *m,
    ngx_pool_t *pool, ngx_carrierpay_pq_result_t *res, ngx_uint_t row);

static ngx_int_t ngx_carrierpay_message_text(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_message_bill(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_open(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_send(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_sms(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_try(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_report(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sms_send_t *send);
static void ngx_carrierpay_message_sent(ngx_carrierpay_sms_send_t *send);
static ngx_int_t ngx_carrierpay_message_mail(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_message_mailed(ngx_carrierpay_smtp_mail_t *mail);
static ngx_int_t ngx_carrierpay_message_record(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_message_record_handler(
    ngx_carrierpay_ledger_op_t *op);


/* what is not sent goes on to "record", too, with the reason as its outcome */

static ngx_carrierpay_step_t  ngx_carrierpay_message_steps[] = {
    { "text",    ngx_carrierpay_message_text },
    { "send",    ngx_carrierpay_message_send },
    { "record",  ngx_carrierpay_message_record },
    { NULL, NULL }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_messages = {
    NGX_CARRIERPAY_SQL_MESSAGE_CLAIM,
    32,
    128,
    90000,           /* ms; of all providers together */
    ngx_carrierpay_message_flow
};


static ngx_carrierpay_flow_t *
ngx_carrierpay_message_flow(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_message_t  *m;

    flow = ngx_carrierpay_flow_create(core, "message",
                                      ngx_carrierpay_message_steps,
                                      sizeof(ngx_carrierpay_message_t));
    if (flow == NULL) {
        return NULL;
    }

    m = flow->data;
    m->sent.token = token;

    if (ngx_carrierpay_message_read(m, flow->pool, res, row) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_message_read(ngx_carrierpay_message_t *m, ngx_pool_t *pool,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_uint_t                i;
    ngx_carrierpay_wording_t  *wording;

    wording = &m->wording;

    struct {
        ngx_uint_t   column;
        ngx_str_t   *text;
    } texts[] = {
        { 1,  &m->channel },
        { 2,  &wording->kind },
        { 4,  &wording->locale },
        { 5,  &m->route },
        { 6,  &m->recipient },
        { 7,  &m->body },
        { 9,  &wording->merchant },
        { 10, &wording->support },
        { 13, &wording->currency },
        { 14, &wording->description },
        { 15, &wording->operator_name },
        { 17, &m->locale },
        { 18, &m->mvno }
    };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row, texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    m->sent.id = ngx_carrierpay_pq_int(res, row, 0);
    m->deadline = ngx_carrierpay_pq_int(res, row, 3);
    wording->id = m->sent.id;
    wording->payment_id = ngx_carrierpay_pq_int(res, row, 11);
    wording->amount = ngx_carrierpay_pq_int(res, row, 12);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_message_text(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                 *language;
    ngx_carrierpay_message_t  *m;

    m = flow->data;

    if (m->deadline <= ngx_carrierpay_now()) {
        ngx_str_set(&m->sent.outcome, "late");
        return NGX_OK;
    }

    if (ngx_carrierpay_message_open(flow) != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, flow->log, 0,
                      "message %L cannot be opened: its key is gone",
                      m->sent.id);
        ngx_str_set(&m->sent.outcome, "refused");
        return NGX_OK;
    }

    m->operator = ngx_carrierpay_operator_find(&flow->core->conf->operators,
                                               &m->route);
    ngx_carrierpay_message_bill(flow);

    language = &m->locale;

    if (m->operator && m->operator->language.len) {
        language = &m->operator->language;
    }

    if (m->wording.locale.len == 0) {
        m->wording.locale = *language;
    }

    return NGX_OK;
}


/* The bill has the name that the page has said, and not the ledger's. */

static void
ngx_carrierpay_message_bill(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_carrier_t   carrier;
    ngx_carrierpay_message_t  *m;

    m = flow->data;

    if (m->operator == NULL || m->wording.payment_id == 0) {
        return;
    }

    ngx_carrierpay_eligibility_known(&flow->core->conf->operators,
                                     m->operator, &m->mvno, &m->wording.to,
                                     &carrier);

    m->wording.operator_name = (carrier.operator == m->operator
                                && carrier.mvno)
                               ? carrier.mvno->title : m->operator->title;
}


static ngx_int_t
ngx_carrierpay_message_open(ngx_carrierpay_flow_t *flow)
{
    const ngx_str_t           *aad;
    ngx_carrierpay_message_t  *m;
    ngx_carrierpay_keyring_t  *ring;

    m = flow->data;
    ring = &flow->core->conf->keyring;

    aad = m->channel.data[0] == 's' ? &ngx_carrierpay_aad_msisdn
                                    : &ngx_carrierpay_aad_email;

    if (ngx_carrierpay_keyring_open(ring, flow->pool, aad, &m->recipient,
                                    &m->wording.to)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (m->body.data == NULL) {
        return NGX_OK;
    }

    return ngx_carrierpay_keyring_open(ring, flow->pool,
                                       &ngx_carrierpay_aad_message, &m->body,
                                       &m->wording.code);
}


static ngx_int_t
ngx_carrierpay_message_send(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_message_t  *m;

    m = flow->data;

    if (m->sent.outcome.len) {
        return NGX_OK;
    }

    return m->channel.data[0] == 's' ? ngx_carrierpay_message_sms(flow)
                                     : ngx_carrierpay_message_mail(flow);
}


static ngx_int_t
ngx_carrierpay_message_sms(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_message_t   *m;
    ngx_carrierpay_sms_send_t  *send;

    m = flow->data;
    send = &m->send;

    if (ngx_carrierpay_message_text_sms(&m->wording, flow->pool, &send->text)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_gsm_measure(&send->text, &send->measure) != NGX_OK
        || ngx_carrierpay_end_user_acr(&m->wording.to))
    {
        ngx_str_set(&m->sent.outcome, "refused");
        return NGX_OK;
    }

    send->id.len = NGX_CARRIERPAY_TOKEN_MESSAGE_LEN;
    send->id.data = ngx_pnalloc(flow->pool, send->id.len);

    if (send->id.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_token_message(send->id.data,
                  ngx_carrierpay_keyring_key(&flow->core->conf->keyring,
                                             NGX_CARRIERPAY_KEY_SESSION),
                  m->sent.id);

    return ngx_carrierpay_message_try(flow);
}


/* NGX_AGAIN: a provider has it now; NGX_OK: none is left. */

static ngx_int_t
ngx_carrierpay_message_try(ngx_carrierpay_flow_t *flow)
{
    int64_t                         left;
    ngx_carrierpay_message_t       *m;
    ngx_carrierpay_sms_send_t      *send;
    ngx_carrierpay_sms_provider_t  *p;

    m = flow->data;
    send = &m->send;

    while (m->operator && m->provider < m->operator->nproviders) {

        left = m->deadline - ngx_carrierpay_now();

        if (left <= 0) {
            ngx_str_set(&m->sent.outcome, "late");
            return NGX_OK;
        }

        p = m->operator->providers[m->provider++];

        if (send->measure.parts > p->parts_max) {
            m->refused++;
            continue;
        }

        send->core = flow->core;
        send->provider = p;
        send->pool = flow->pool;
        send->log = flow->log;
        send->to = m->wording.to;
        send->from = m->operator->sms_from;
        send->validity = (left + 999) / 1000;
        send->handler = ngx_carrierpay_message_sent;
        send->data = flow;

        ngx_str_null(&send->reference);

        if (ngx_carrierpay_message_report(flow, send) != NGX_OK) {
            return NGX_ERROR;
        }

        if (p->dialect->send(send) == NGX_AGAIN) {
            return NGX_AGAIN;
        }
    }

    if (m->operator && m->refused == m->operator->nproviders && m->refused) {
        ngx_str_set(&m->sent.outcome, "refused");

    } else {
        ngx_str_set(&m->sent.outcome, "failed");
    }

    return NGX_OK;
}


/* where this provider tells what became of it */

static ngx_int_t
ngx_carrierpay_message_report(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sms_send_t *send)
{
    ngx_str_t  *base, *url;

    url = &send->report;
    base = &flow->core->conf->callback_url;

    ngx_str_null(url);

    if (base->len == 0) {
        return NGX_OK;
    }

    url->data = ngx_pnalloc(flow->pool, base->len + send->provider->name.len
                                        + sizeof("/dlr?m=") - 1
                                        + send->id.len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    url->len = ngx_sprintf(url->data, "%V%V/dlr?m=%V", base,
                           &send->provider->name, &send->id)
               - url->data;

    return NGX_OK;
}


static void
ngx_carrierpay_message_sent(ngx_carrierpay_sms_send_t *send)
{
    ngx_int_t                       rc;
    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_message_t       *m;
    ngx_carrierpay_sms_provider_t  *p;

    flow = send->data;
    m = flow->data;
    p = send->provider;

    if (send->outcome == NGX_CARRIERPAY_SMS_FAILED
        || send->outcome == NGX_CARRIERPAY_SMS_REFUSED)
    {
        ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                      "message %L was not taken by \"%V\"", m->sent.id,
                      &p->name);

        m->refused += (send->outcome == NGX_CARRIERPAY_SMS_REFUSED);
        rc = ngx_carrierpay_message_try(flow);

        if (rc != NGX_AGAIN) {
            ngx_carrierpay_flow_resume(flow, rc);
        }

        return;
    }

    if (send->outcome == NGX_CARRIERPAY_SMS_ACCEPTED) {
        ngx_str_set(&m->sent.outcome, "accepted");

    } else {
        ngx_str_set(&m->sent.outcome, "unknown");
    }

    m->sent.provider = p->name;
    m->sent.reference = send->reference;
    m->sent.parts = send->measure.parts;
    m->sent.price = p->price * send->measure.parts;
    m->sent.currency = p->currency;

    ngx_carrierpay_flow_resume(flow, NGX_OK);
}


/* without a mail server it waits for one, until its deadline */

static ngx_int_t
ngx_carrierpay_message_mail(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                     rc;
    ngx_carrierpay_core_t        *core;
    ngx_carrierpay_message_t     *m;
    ngx_carrierpay_mail_parts_t   letter;

    m = flow->data;
    core = flow->core;

    ngx_str_set(&m->sent.outcome, "failed");

    if (core->smtp == NULL) {
        return NGX_OK;
    }

    if (ngx_carrierpay_message_text_mail(core->conf, &m->wording, flow->pool,
                                         &letter)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    m->mail.handler = ngx_carrierpay_message_mailed;
    m->mail.data = flow;

    rc = ngx_carrierpay_mail_compose(core, flow->pool, &letter, &m->mail);

    if (rc == NGX_DECLINED) {
        ngx_str_set(&m->sent.outcome, "refused");
        return NGX_OK;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_smtp_send(core->smtp, &m->mail) == NGX_OK
           ? NGX_AGAIN : NGX_OK;
}


static void
ngx_carrierpay_message_mailed(ngx_carrierpay_smtp_mail_t *mail)
{
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_message_t  *m;

    flow = mail->data;
    m = flow->data;

    switch (mail->outcome) {

    case NGX_CARRIERPAY_SMTP_SENT:
        ngx_str_set(&m->sent.outcome, "accepted");
        break;

    case NGX_CARRIERPAY_SMTP_REFUSED:
        ngx_str_set(&m->sent.outcome, "refused");
        break;

    case NGX_CARRIERPAY_SMTP_UNKNOWN:
        ngx_str_set(&m->sent.outcome, "unknown");
        break;

    case NGX_CARRIERPAY_SMTP_FAILED:
        break;
    }

    ngx_str_set(&m->sent.provider, "smtp");

    ngx_carrierpay_flow_resume(flow, NGX_OK);
}


static ngx_int_t
ngx_carrierpay_message_record(ngx_carrierpay_flow_t *flow)
{
    ngx_uint_t                   i;
    ngx_carrierpay_message_t    *m;
    ngx_carrierpay_ledger_op_t  *op;

    static struct {
        const char             *outcome;
        ngx_uint_t              stat;
    } stats[] = {
        { "accepted", NGX_CARRIERPAY_STAT_MESSAGE_ACCEPTED },
        { "unknown",  NGX_CARRIERPAY_STAT_MESSAGE_UNKNOWN },
        { "refused",  NGX_CARRIERPAY_STAT_MESSAGE_REFUSED },
        { "failed",   NGX_CARRIERPAY_STAT_MESSAGE_FAILED },
        { "late",     NGX_CARRIERPAY_STAT_MESSAGE_LATE }
    };

    m = flow->data;
    op = &m->op;

    for (i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
        if (ngx_strcmp(m->sent.outcome.data, stats[i].outcome) == 0) {
            ngx_carrierpay_count(stats[i].stat);
        }
    }

    op->kind = NGX_CARRIERPAY_LEDGER_SENT;
    op->timeout = NGX_CARRIERPAY_MESSAGE_RECORD_TIMEOUT;
    op->pool = flow->pool;
    op->sent = &m->sent;
    op->handler = ngx_carrierpay_message_record_handler;
    op->data = flow;

    /* not recorded: the lease ends, and it is perhaps sent once more */

    if (ngx_carrierpay_ledger_submit(flow->core->ledger, op) != NGX_OK) {
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_message_record_handler(ngx_carrierpay_ledger_op_t *op)
{
    ngx_carrierpay_flow_resume(op->data, NGX_OK);
}
