
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_character.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_sms_code.h"
#include "ngx_carrierpay_sms_inbound.h"
#include "ngx_carrierpay_sms_sender.h"
#include "ngx_carrierpay_token.h"
#include "ngx_carrierpay_typed.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_sms_inbound_code(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_read(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_words(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_code_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_first(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_first_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_page(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_page_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_asked(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_keep(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_seal(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_kept(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_inbound_hand_over(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_sms_inbound_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_sms_inbound_columns[] = {
    column(INT8, id),
    column(TEXT, provider_name),
    column(TEXT, provider_id),
    column(TEXT, action),
    column(TEXT, mo.to),
    column(BYTEA, sender_index),
    column(BYTEA, sender),
    column(BYTEA, body),
    column(INT8_OR_NULL, payment_id),
    column(TEXT, operator),
    column(TEXT, locale),
    column(INT8, reply_id),
    column(BYTEA, reply),
    column(BOOL, quiet)
};

ngx_carrierpay_statement_t  ngx_carrierpay_sms_inbound_statement = {
    "mo_take",
    ngx_carrierpay_columns(ngx_carrierpay_sms_inbound_columns),
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_sms_inbound_steps[] = {
    { "code",                                    /* read; its page */
      ngx_carrierpay_sms_inbound_code,
      ngx_carrierpay_sms_inbound_code_done, 0 },
    { "first",                              /* the first to answer the page? */
      ngx_carrierpay_sms_inbound_first,
      ngx_carrierpay_sms_inbound_first_done, 0 },
    { "page",                                    /* its payment, its browser */
      ngx_carrierpay_sms_inbound_page,
      ngx_carrierpay_sms_inbound_page_done, 0 },
    { "ask",                                     /* for the payer's word */
      ngx_carrierpay_sms_inbound_ask,
      ngx_carrierpay_sms_inbound_asked, 0 },
    { "keep",                                    /* durable, and obeyed */
      ngx_carrierpay_sms_inbound_keep,
      ngx_carrierpay_sms_inbound_kept, 0 },
    { "hand_over",                               /* the sender, to the page */
      ngx_carrierpay_sms_inbound_hand_over, NULL, 0 },
    { NULL, NULL, NULL, 0 }
};


/* By ngx_carrierpay_keyword_e; the last ones are no keywords. */

static const ngx_str_t  ngx_carrierpay_sms_inbound_actions[] = {
    ngx_string("stop"),
    ngx_string("stop_all"),
    ngx_string("answer"),
    ngx_string("pay"),
    ngx_string("help"),
    ngx_string("info"),
    ngx_string("none"),
    ngx_string("unreadable")
};

#define NGX_CARRIERPAY_SMS_INBOUND_UNREADABLE                                 \
    (sizeof(ngx_carrierpay_sms_inbound_actions) / sizeof(ngx_str_t) - 1)
#define NGX_CARRIERPAY_SMS_INBOUND_NONE                                       \
    (NGX_CARRIERPAY_SMS_INBOUND_UNREADABLE - 1)


ngx_carrierpay_flow_t *
ngx_carrierpay_sms_inbound(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_provider_t *provider, ngx_carrierpay_sms_mo_t *mo)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_sms_inbound_t  *in;

    flow = ngx_carrierpay_flow_create(&core->flows, "mo",
                                      ngx_carrierpay_sms_inbound_steps,
                                      sizeof(ngx_carrierpay_sms_inbound_t));
    if (flow == NULL) {
        return NULL;
    }

    in = flow->data;
    in->provider = provider;
    in->provider_name = provider->name;
    in->mo.unreadable = mo->unreadable;

    if (ngx_carrierpay_flow_copy(flow, &in->mo.id, &mo->id) != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &in->mo.from, &mo->from) != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &in->mo.to, &mo->to) != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &in->mo.text, &mo->text) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    /* a gateway may not say which number of ours it was */

    if (in->mo.to.data == NULL) {
        ngx_str_set(&in->mo.to, "");
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_sms_inbound_code(ngx_carrierpay_flow_t *flow)
{
    u_char                         name[NGX_CARRIERPAY_SMS_CODE_PAY_NAME_LEN];
    ngx_str_t                      argv[2];
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    if (ngx_carrierpay_sms_inbound_read(flow) != NGX_OK) {
        return NGX_ERROR;
    }

    if (in->code.len != NGX_CARRIERPAY_TOKEN_DIGITS) {
        return NGX_OK;
    }

    ngx_str_set(&argv[0], "GET");
    argv[1].data = name;

    switch (in->keyword) {

    case NGX_CARRIERPAY_KEYWORD_ANSWER:
        ngx_carrierpay_sms_code_name(name, in->code.data);
        argv[1].len = NGX_CARRIERPAY_SMS_CODE_NAME_LEN;
        break;

    case NGX_CARRIERPAY_KEYWORD_PAY:
        if (!in->provider->trusted) {
            return NGX_OK;
        }

        ngx_carrierpay_sms_code_pay_name(name, in->index, in->code.data);
        argv[1].len = NGX_CARRIERPAY_SMS_CODE_PAY_NAME_LEN;
        break;

    default:
        return NGX_OK;
    }

    return ngx_carrierpay_flow_redis(flow, &in->command, 2, argv);
}


/*
 * Reads who has sent the message and what it says.  NGX_OK: it may be
 * UNREADABLE.  NGX_ERROR: memory is short.
 */

static ngx_int_t
ngx_carrierpay_sms_inbound_read(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                      end_user;
    ngx_carrierpay_conf_t         *conf;
    ngx_carrierpay_sms_inbound_t  *in;

    /* a number's index is the same whichever operator it is a customer of */
    static ngx_str_t  none = ngx_null_string;

    in = flow->data;
    conf = flow->core->conf;

    in->keyword = NGX_CARRIERPAY_SMS_INBOUND_UNREADABLE;

    if (ngx_carrierpay_sms_sender_parse(&conf->operators, in->provider,
                                        &in->mo.from, &in->msisdn)
        != NGX_OK)
    {
        in->msisdn.len = 0;
        return NGX_OK;
    }

    ngx_carrierpay_number_carrier(&conf->operators, &in->msisdn,
                                  &in->carrier);

    in->quiet = (in->carrier.operator == NULL
                 || in->carrier.operator->nproviders == 0);

    end_user.data = in->msisdn.digits;
    end_user.len = in->msisdn.len;

    ngx_carrierpay_end_user_index(in->index,
                                  ngx_carrierpay_keyring_key(&conf->keyring,
                                                  NGX_CARRIERPAY_KEY_INDEX),
                                  &none, &end_user);

    in->sender_index.data = in->index;
    in->sender_index.len = sizeof(in->index);

    return in->mo.unreadable ? NGX_OK : ngx_carrierpay_sms_inbound_words(flow);
}


/*
 * The text itself is kept as it came.  Where a part of it is lost, that may
 * have been the keyword.
 */

static ngx_int_t
ngx_carrierpay_sms_inbound_words(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                      words;
    ngx_carrierpay_conf_t         *conf;
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;
    conf = flow->core->conf;

    if (ngx_carrierpay_flow_copy(flow, &words, &in->mo.text) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_carrierpay_typed_word(&words);

    if (ngx_carrierpay_keyword_match(conf->keywords.elts,
                                     conf->keywords.nelts, &words,
                                     &in->keyword, &in->code)
        != NGX_OK)
    {
        in->keyword = ngx_carrierpay_character_lost(&in->mo.text)
                      ? NGX_CARRIERPAY_SMS_INBOUND_UNREADABLE
                      : NGX_CARRIERPAY_SMS_INBOUND_NONE;
    }

    ngx_carrierpay_typed_digits(&in->code);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sms_inbound_code_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    switch (in->command.reply) {

    case NGX_CARRIERPAY_REDIS_STRING:
        return ngx_carrierpay_flow_copy(flow, &in->token, &in->command.value);

    case NGX_CARRIERPAY_REDIS_NIL:
        return NGX_OK;

    default: /* refused or lost: the gateway tries again */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}


/*
 * A page is for the end user who answers it first, and the second code is that
 * end user's alone.  Codes and page stay until their time is over: what a
 * gateway brings again, because a worker died or the ledger was away, finds
 * them, and another end user does not.
 */

static ngx_int_t
ngx_carrierpay_sms_inbound_first(ngx_carrierpay_flow_t *flow)
{
    u_char                         name[sizeof("cp:ml:") - 1
                                        + NGX_CARRIERPAY_TOKEN_LEN];
    u_char                        *p;
    ngx_str_t                      argv[7];
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    if (!ngx_carrierpay_token_valid(&in->token)) {
        in->token.len = 0;
        return NGX_OK;
    }

    if (in->keyword == NGX_CARRIERPAY_KEYWORD_PAY) {
        return NGX_OK;
    }

    p = ngx_cpymem(name, "cp:ml:", sizeof("cp:ml:") - 1);
    ngx_memcpy(p, in->token.data, NGX_CARRIERPAY_TOKEN_LEN);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    argv[2].data = in->index;
    argv[2].len = sizeof(in->index);
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "GET");
    ngx_str_set(&argv[5], "PX");
    ngx_str_set(&argv[6], NGX_CARRIERPAY_SMS_CODE_LIFETIME);

    return ngx_carrierpay_flow_redis(flow, &in->command, 7, argv);
}


static ngx_int_t
ngx_carrierpay_sms_inbound_first_done(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                     *value;
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    switch (in->command.reply) {

    case NGX_CARRIERPAY_REDIS_NIL:
        return NGX_OK;

    case NGX_CARRIERPAY_REDIS_STRING:
        value = &in->command.value;

        if (value->len != sizeof(in->index)
            || !ngx_carrierpay_equal(value->data, in->index,
                                     sizeof(in->index)))
        {
            in->token.len = 0;
        }

        return NGX_OK;

    default: /* refused or lost: the gateway tries again */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}


static ngx_int_t
ngx_carrierpay_sms_inbound_page(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    if (in->token.len == 0) {
        return NGX_OK;
    }

    return ngx_carrierpay_session_peek(flow, &in->session,
                                       NGX_CARRIERPAY_SESSION_MO, &in->token);
}


static ngx_int_t
ngx_carrierpay_sms_inbound_page_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    if (in->session.rc == NGX_ERROR) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (in->session.rc == NGX_OK) {
        in->known = 1;
        in->payment_id = in->session.identity.payment_id;
    }

    return NGX_OK;
}


/* The second code is sealed until the SMS is sent, as a PIN is. */

static ngx_int_t
ngx_carrierpay_sms_inbound_ask(ngx_carrierpay_flow_t *flow)
{
    u_char                         digits[NGX_CARRIERPAY_TOKEN_DIGITS];
    u_char                         name[NGX_CARRIERPAY_SMS_CODE_PAY_NAME_LEN];
    ngx_str_t                      argv[5], code;
    ngx_carrierpay_keyring_t      *ring;
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;
    ring = &flow->core->conf->keyring;

    if (!in->known || in->keyword != NGX_CARRIERPAY_KEYWORD_ANSWER
        || !in->provider->trusted || in->quiet)
    {
        return NGX_OK;
    }

    in->asked = 1;

    ngx_carrierpay_token_pay_code(digits,
                                  ngx_carrierpay_keyring_key(ring,
                                                 NGX_CARRIERPAY_KEY_SESSION),
                                  in->token.data);

    code.data = digits;
    code.len = sizeof(digits);

    if (ngx_carrierpay_keyring_seal(ring, flow->pool,
                                    &ngx_carrierpay_aad_message, &code,
                                    &in->reply)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_carrierpay_sms_code_pay_name(name, in->index, digits);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    argv[2] = in->token;
    ngx_str_set(&argv[3], "PX");
    ngx_str_set(&argv[4], NGX_CARRIERPAY_SMS_CODE_LIFETIME);

    return ngx_carrierpay_flow_redis(flow, &in->command, 5, argv);
}


static ngx_int_t
ngx_carrierpay_sms_inbound_asked(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    return in->command.reply == NGX_CARRIERPAY_REDIS_STATUS
           ? NGX_OK
           : ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_UNAVAILABLE);
}


static ngx_int_t
ngx_carrierpay_sms_inbound_keep(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_operator_t     *op;
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;
    op = in->carrier.operator;

    /* one that cannot be read lies in the first cell */

    if (in->payment_id) {
        flow->cell = ngx_carrierpay_id_cell(in->payment_id);

    } else if (in->sender_index.data) {
        flow->cell = ngx_carrierpay_ledger_line(flow, in->sender_index.data);
    }

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    in->id = ngx_carrierpay_ledger_id(flow);
    in->reply_id = ngx_carrierpay_ledger_id(flow);
    in->action = ngx_carrierpay_sms_inbound_actions[in->keyword];

    if (in->asked) {
        ngx_str_set(&in->action, "ask");
    }

    if (in->mo.id.len) {
        in->provider_id = in->mo.id;
    }

    if (op) {
        in->operator = op->name;
        in->locale = op->language;
    }

    if (in->known && in->session.consent.locale.len) {
        in->locale = in->session.consent.locale;
    }

    if (ngx_carrierpay_sms_inbound_seal(flow) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_ledger_ask(flow, &in->call,
                                     &ngx_carrierpay_sms_inbound_statement,
                                     in, 0);
}


static ngx_int_t
ngx_carrierpay_sms_inbound_seal(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                      end_user;
    ngx_carrierpay_keyring_t      *ring;
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;
    ring = &flow->core->conf->keyring;

    end_user = in->mo.from;

    if (in->msisdn.len) {
        end_user.data = in->msisdn.digits;
        end_user.len = in->msisdn.len;
    }

    if (ngx_carrierpay_keyring_seal(ring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &end_user,
                                    &in->sender)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_keyring_seal(ring, flow->pool,
                                       &ngx_carrierpay_aad_mo, &in->mo.text,
                                       &in->body);
}


static ngx_int_t
ngx_carrierpay_sms_inbound_kept(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    if (in->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (in->keyword == NGX_CARRIERPAY_SMS_INBOUND_UNREADABLE) {
        ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                      "SMS gateway \"%V\" brought a message whose %s cannot be"
                      " read, it is kept with the id %L", &in->provider->name,
                      in->msisdn.len ? "text" : "sender", in->id);
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);
    }

    ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].messages);

    return NGX_OK;
}


/*
 * Also when the message was kept before: perhaps a worker died in between.
 * Without Redis the page waits in vain, and the shopper asks for another.
 */

static ngx_int_t
ngx_carrierpay_sms_inbound_hand_over(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_identity_t     *identity;
    ngx_carrierpay_sms_inbound_t  *in;

    in = flow->data;

    if (!in->known || in->asked) {
        return NGX_OK;
    }

    identity = &in->session.identity;

    identity->msisdn = in->msisdn;
    identity->carrier = in->carrier;
    identity->method = NGX_CARRIERPAY_METHOD_MO;
    identity->unproven = (in->keyword != NGX_CARRIERPAY_KEYWORD_PAY);

    ngx_memcpy(in->session.token, in->token.data, NGX_CARRIERPAY_TOKEN_LEN);

    if (ngx_carrierpay_session_store_as(flow, &in->session,
                                        NGX_CARRIERPAY_SESSION_BOUNCE)
        == NGX_AGAIN)
    {
        return NGX_AGAIN;
    }

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_OK);
}
