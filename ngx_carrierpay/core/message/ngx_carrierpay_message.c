
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_gsm.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_mail.h"
#include "ngx_carrierpay_message.h"
#include "ngx_carrierpay_message_text.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_token.h"
#include "ngx_carrierpay_time.h"


#define NGX_CARRIERPAY_MESSAGE_RECORD_TIMEOUT  30000    /* ms */


/* What became of a message, now. */

typedef enum {
    NGX_CARRIERPAY_MESSAGE_PENDING = 0,  /* it is still tried */
    NGX_CARRIERPAY_MESSAGE_ACCEPTED,
    NGX_CARRIERPAY_MESSAGE_UNKNOWN,      /* perhaps sent */
    NGX_CARRIERPAY_MESSAGE_REFUSED,      /* for good */
    NGX_CARRIERPAY_MESSAGE_FAILED,       /* tried again later */
    NGX_CARRIERPAY_MESSAGE_LATE          /* past its deadline */
} ngx_carrierpay_message_outcome_e;


typedef struct {
    ngx_carrierpay_wording_t           wording;    /* text and address */
    int64_t                            deadline;
    ngx_uint_t                         sms;        /* else it is a mail */
    ngx_str_t                          route;      /* operator, or empty */
    ngx_str_t                          recipient;  /* sealed */
    ngx_str_t                          body;       /* sealed, or empty */
    ngx_str_t                          locale;     /* the merchant's, or "" */
    ngx_str_t                          mvno;       /* the payer's, or "" */
    ngx_str_t                          msisdn;     /* sealed, likewise */

    ngx_carrierpay_operator_t         *operator;   /* its providers send it */
    ngx_uint_t                         provider;   /* the next one to try */
    ngx_uint_t                         refused;    /* by so many */
    ngx_msec_t                         called;     /* a provider, when */
    ngx_carrierpay_sms_send_t          send;
    ngx_carrierpay_smtp_mail_t         mail;

    /* what is recorded */

    ngx_carrierpay_message_outcome_e   outcome;
    int64_t                            token;      /* of the lease */
    ngx_str_t                          outcome_name;
    ngx_str_t                          sender;     /* provider, or "smtp" */
    ngx_str_t                          reference;
    int32_t                            parts;
    ngx_carrierpay_optional_t          price;      /* millionths */
    ngx_str_t                          currency;
    ngx_carrierpay_sql_call_t          call;
} ngx_carrierpay_message_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_message_flow(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_message_read(ngx_carrierpay_message_t *m,
    ngx_pool_t *pool, ngx_carrierpay_pq_result_t *res, ngx_uint_t row);

static ngx_int_t ngx_carrierpay_message_prepare(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_message_bill(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_open(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_send(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_sms(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_provider(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_report(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_sms_send_t *send);
static ngx_int_t ngx_carrierpay_message_mail(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_message_mail_handler(
    ngx_carrierpay_smtp_mail_t *mail);
static ngx_int_t ngx_carrierpay_message_sent(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_mailed(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_message_unsent(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_message_outcome_e outcome);
static ngx_int_t ngx_carrierpay_message_record(ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_message_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_message_columns[] = {
    column(INT8, wording.id),
    column(INT8, token),
    column(TEXT, outcome_name),
    column(TEXT, sender),
    column(TEXT, reference),
    column(INT4, parts),
    column(INT8_OPTIONAL, price),
    column(TEXT, currency)
};

ngx_carrierpay_statement_t  ngx_carrierpay_message_done_statement = {
    "message_done",
    ngx_carrierpay_columns(ngx_carrierpay_message_columns),
    NULL,
    .batched = 1, .writer = 1
};

ngx_carrierpay_statement_t  ngx_carrierpay_message_claim_statement = {
    "message_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_message_steps[] = {
    { "prepare",                                 /* in time? its receiver */
      ngx_carrierpay_message_prepare, NULL, 0 },
    { "send",                                    /* perhaps sent */
      ngx_carrierpay_message_send, ngx_carrierpay_message_sent, 0 },
    { "record",                                  /* what came of it, durable */
      ngx_carrierpay_message_record, NULL, NGX_CARRIERPAY_FLOW_ALWAYS },
    { NULL, NULL, NULL, 0 }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_messages = {
    &ngx_carrierpay_message_claim_statement,
    32,
    128,
    90000,           /* ms; of all providers together */
    ngx_carrierpay_message_flow
};


/* by ngx_carrierpay_message_outcome_e */

static const struct {
    ngx_str_t                name;
    ngx_uint_t               stat;
} ngx_carrierpay_message_outcomes[] = {
    [NGX_CARRIERPAY_MESSAGE_ACCEPTED] = {
        ngx_string("accepted"), NGX_CARRIERPAY_STAT_MESSAGE_ACCEPTED
    },
    [NGX_CARRIERPAY_MESSAGE_UNKNOWN] = {
        ngx_string("unknown"), NGX_CARRIERPAY_STAT_MESSAGE_UNKNOWN
    },
    [NGX_CARRIERPAY_MESSAGE_REFUSED] = {
        ngx_string("refused"), NGX_CARRIERPAY_STAT_MESSAGE_REFUSED
    },
    [NGX_CARRIERPAY_MESSAGE_FAILED] = {
        ngx_string("failed"), NGX_CARRIERPAY_STAT_MESSAGE_FAILED
    },
    [NGX_CARRIERPAY_MESSAGE_LATE] = {
        ngx_string("late"), NGX_CARRIERPAY_STAT_MESSAGE_LATE
    }
};


/* by ngx_carrierpay_sms_e, in the set of the provider */

static const ngx_uint_t  ngx_carrierpay_message_sms_stats[] = {
    [NGX_CARRIERPAY_SMS_UNKNOWN] = NGX_CARRIERPAY_STAT_PROVIDER_UNKNOWN,
    [NGX_CARRIERPAY_SMS_ACCEPTED] = NGX_CARRIERPAY_STAT_PROVIDER_ACCEPTED,
    [NGX_CARRIERPAY_SMS_FAILED] = NGX_CARRIERPAY_STAT_PROVIDER_FAILED,
    [NGX_CARRIERPAY_SMS_REFUSED] = NGX_CARRIERPAY_STAT_PROVIDER_REFUSED
};


static ngx_carrierpay_flow_t *
ngx_carrierpay_message_flow(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_str_t                  traceparent;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_message_t  *m;

    flow = ngx_carrierpay_flow_create(&core->flows, "message",
                                      ngx_carrierpay_message_steps,
                                      sizeof(ngx_carrierpay_message_t));
    if (flow == NULL) {
        return NULL;
    }

    m = flow->data;
    m->token = token;

    if (ngx_carrierpay_message_read(m, flow->pool, res, row) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    ngx_carrierpay_pq_bytes(res, row, 19, &traceparent);
    (void) ngx_carrierpay_trace_parse(&flow->trace, &traceparent);

    ngx_carrierpay_flow_about_id(flow, "message", NGX_CARRIERPAY_ID_MESSAGE,
                                 m->wording.id);

    if (m->wording.payment_id) {
        ngx_carrierpay_flow_about_id(flow, "payment",
                                     NGX_CARRIERPAY_ID_PAYMENT,
                                     m->wording.payment_id);
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_message_read(ngx_carrierpay_message_t *m, ngx_pool_t *pool,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                  channel;
    ngx_uint_t                 i;
    ngx_carrierpay_wording_t  *wording;

    wording = &m->wording;

    struct {
        ngx_uint_t   column;
        ngx_str_t   *text;
    } texts[] = {
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
        { 18, &m->mvno },
        { 20, &wording->order },
        { 22, &m->msisdn }
    };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (ngx_carrierpay_pq_copy(res, row, texts[i].column, pool,
                                   texts[i].text)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ngx_carrierpay_pq_bytes(res, row, 1, &channel);

    m->sms = (channel.len && channel.data[0] == 's');
    m->deadline = ngx_carrierpay_pq_int(res, row, 3);
    wording->id = ngx_carrierpay_pq_int(res, row, 0);
    wording->payment_id = ngx_carrierpay_pq_int(res, row, 11);
    wording->amount = ngx_carrierpay_pq_int(res, row, 12);
    wording->attempt = ngx_carrierpay_pq_int(res, row, 21);
    wording->tax = ngx_carrierpay_pq_int(res, row, 23);
    wording->later_max = ngx_carrierpay_pq_int(res, row, 24);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_message_prepare(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                 *language;
    ngx_carrierpay_message_t  *m;

    m = flow->data;

    if (m->deadline <= ngx_carrierpay_now()) {
        return ngx_carrierpay_message_unsent(flow,
                                             NGX_CARRIERPAY_MESSAGE_LATE);
    }

    if (ngx_carrierpay_message_open(flow) != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, flow->log, 0,
                      "message cannot be opened: its key is gone");
        return ngx_carrierpay_message_unsent(flow,
                                             NGX_CARRIERPAY_MESSAGE_REFUSED);
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

    aad = m->sms ? &ngx_carrierpay_aad_msisdn : &ngx_carrierpay_aad_email;

    if (ngx_carrierpay_keyring_open(ring, flow->pool, aad, &m->recipient,
                                    &m->wording.to)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* a number that cannot be opened is left out */

    if (m->msisdn.data == NULL
        || ngx_carrierpay_keyring_open(ring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn, &m->msisdn,
                                       &m->wording.end_user)
           != NGX_OK)
    {
        ngx_str_null(&m->wording.end_user);
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

    return m->sms ? ngx_carrierpay_message_sms(flow)
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
        return ngx_carrierpay_message_unsent(flow,
                                             NGX_CARRIERPAY_MESSAGE_REFUSED);
    }

    send->id.len = NGX_CARRIERPAY_TOKEN_MESSAGE_LEN;
    send->id.data = ngx_pnalloc(flow->pool, send->id.len);

    if (send->id.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_token_message(send->id.data,
                  ngx_carrierpay_keyring_key(&flow->core->conf->keyring,
                                             NGX_CARRIERPAY_KEY_SESSION),
                  m->wording.id);

    return ngx_carrierpay_message_provider(flow);
}


/* NGX_AGAIN: a provider has it now; NGX_DECLINED: none is left. */

static ngx_int_t
ngx_carrierpay_message_provider(ngx_carrierpay_flow_t *flow)
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
            return ngx_carrierpay_message_unsent(flow,
                                                 NGX_CARRIERPAY_MESSAGE_LATE);
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
        send->trace = &flow->trace;
        send->to = m->wording.to;
        send->from = m->operator->sms_from;
        send->validity = (left + 999) / 1000;
        send->done = ngx_carrierpay_flow_done;
        send->data = flow;

        ngx_str_null(&send->reference);

        if (ngx_carrierpay_message_report(flow, send) != NGX_OK) {
            return NGX_ERROR;
        }

        if (p->dialect->send(send) == NGX_AGAIN) {
            m->called = ngx_current_msec;
            return NGX_AGAIN;
        }
    }

    return ngx_carrierpay_message_unsent(flow,
                                         m->operator && m->refused
                                         && m->refused
                                            == m->operator->nproviders
                                         ? NGX_CARRIERPAY_MESSAGE_REFUSED
                                         : NGX_CARRIERPAY_MESSAGE_FAILED);
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


static ngx_int_t
ngx_carrierpay_message_sent(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_message_t       *m;
    ngx_carrierpay_sms_send_t      *send;
    ngx_carrierpay_sms_provider_t  *p;

    m = flow->data;

    if (!m->sms) {
        return ngx_carrierpay_message_mailed(flow);
    }

    send = &m->send;
    p = send->provider;

    ngx_carrierpay_observe_in(p->counters, NGX_CARRIERPAY_STAT_PROVIDER_SEND,
                              ngx_current_msec - m->called);
    ngx_carrierpay_count_in(p->counters,
                            ngx_carrierpay_message_sms_stats[send->outcome]);

    if (send->outcome == NGX_CARRIERPAY_SMS_FAILED
        || send->outcome == NGX_CARRIERPAY_SMS_REFUSED)
    {
        ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                      "message was not taken by \"%V\"", &p->name);

        m->refused += (send->outcome == NGX_CARRIERPAY_SMS_REFUSED);

        return ngx_carrierpay_message_provider(flow);
    }

    m->outcome = (send->outcome == NGX_CARRIERPAY_SMS_ACCEPTED)
                 ? NGX_CARRIERPAY_MESSAGE_ACCEPTED
                 : NGX_CARRIERPAY_MESSAGE_UNKNOWN;

    m->sender = p->name;
    m->reference = send->reference;
    m->parts = send->measure.parts;
    m->price.value = p->price * send->measure.parts;
    m->price.set = (p->currency.len != 0);
    m->currency = p->currency;

    return NGX_OK;
}


/* Without a mail server it waits for one, until its deadline. */

static ngx_int_t
ngx_carrierpay_message_mail(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                     rc;
    ngx_carrierpay_core_t        *core;
    ngx_carrierpay_message_t     *m;
    ngx_carrierpay_mail_parts_t   letter;

    m = flow->data;
    core = flow->core;

    if (core->smtp == NULL) {
        return ngx_carrierpay_message_unsent(flow,
                                             NGX_CARRIERPAY_MESSAGE_FAILED);
    }

    if (ngx_carrierpay_message_text_mail(core->conf, &m->wording, flow->pool,
                                         &letter)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    m->mail.log = flow->log;
    m->mail.handler = ngx_carrierpay_message_mail_handler;
    m->mail.data = flow;

    rc = ngx_carrierpay_mail_compose(core, flow->pool, &letter, &m->mail);

    if (rc == NGX_DECLINED) {
        return ngx_carrierpay_message_unsent(flow,
                                             NGX_CARRIERPAY_MESSAGE_REFUSED);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_smtp_send(core->smtp, &m->mail) != NGX_OK) {
        return ngx_carrierpay_message_unsent(flow,
                                             NGX_CARRIERPAY_MESSAGE_FAILED);
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_message_mail_handler(ngx_carrierpay_smtp_mail_t *mail)
{
    ngx_carrierpay_flow_done(mail->data);
}


static ngx_int_t
ngx_carrierpay_message_mailed(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_message_t  *m;

    m = flow->data;

    switch (m->mail.outcome) {

    case NGX_CARRIERPAY_SMTP_SENT:
        m->outcome = NGX_CARRIERPAY_MESSAGE_ACCEPTED;
        break;

    case NGX_CARRIERPAY_SMTP_REFUSED:
        m->outcome = NGX_CARRIERPAY_MESSAGE_REFUSED;
        break;

    case NGX_CARRIERPAY_SMTP_UNKNOWN:
        m->outcome = NGX_CARRIERPAY_MESSAGE_UNKNOWN;
        break;

    case NGX_CARRIERPAY_SMTP_FAILED:
        m->outcome = NGX_CARRIERPAY_MESSAGE_FAILED;
        break;
    }

    ngx_str_set(&m->sender, "smtp");

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_message_unsent(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_message_outcome_e outcome)
{
    ngx_carrierpay_message_t  *m;

    m = flow->data;
    m->outcome = outcome;

    return NGX_DECLINED;
}


/* Not recorded: the lease ends, and it is perhaps sent once more. */

static ngx_int_t
ngx_carrierpay_message_record(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_message_t  *m;

    m = flow->data;
    m->outcome_name = ngx_carrierpay_message_outcomes[m->outcome].name;

    ngx_carrierpay_count(ngx_carrierpay_message_outcomes[m->outcome].stat);

    return ngx_carrierpay_ledger_ask(flow, &m->call,
                                     &ngx_carrierpay_message_done_statement,
                                     m, NGX_CARRIERPAY_MESSAGE_RECORD_TIMEOUT);
}
