
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_random.h"
#include "ngx_carrierpay_session.h"


#define NGX_CARRIERPAY_SESSION_PREFIX_LEN  (sizeof("cp:he:") - 1)
#define NGX_CARRIERPAY_SESSION_NAME_LEN                                       \
    (NGX_CARRIERPAY_SESSION_PREFIX_LEN + NGX_CARRIERPAY_TOKEN_LEN)


/* the texts of an entry, in this order behind its fixed fields */

typedef enum {
    NGX_CARRIERPAY_SESSION_OPERATOR = 0,    /* empty: none that we know */
    NGX_CARRIERPAY_SESSION_MVNO,            /* empty: the operator's own */
    NGX_CARRIERPAY_SESSION_ACR,             /* empty: there is a number */
    NGX_CARRIERPAY_SESSION_LOCALE,
    NGX_CARRIERPAY_SESSION_PAGE,
    NGX_CARRIERPAY_SESSION_SHOWN,
    NGX_CARRIERPAY_SESSION_TEXTS
} ngx_carrierpay_session_text_e;


/*
 * The entry before it is sealed.  It is sealed under its own key in Redis, so
 * that it cannot be moved to another.
 */
typedef struct {
    uint32_t                  size;        /* of this struct: its version */
    int64_t                   payment_id;
    int64_t                   shown_at;
    uint32_t                  family;
    u_char                    agent[16];
    u_char                    client_network[16];
    u_char                    browser[16];
    ngx_carrierpay_msisdn_t   msisdn;
    uint32_t                  method;
    uint32_t                  unproven;
    uint32_t                  typed;
    uint32_t                  evidence;
    uint32_t                  lens[NGX_CARRIERPAY_SESSION_TEXTS];
} ngx_carrierpay_session_entry_t;


typedef struct {
    const char               *prefix;
    const char               *lifetime;    /* ms */
} ngx_carrierpay_session_kind_t;


static ngx_int_t ngx_carrierpay_session_get(ngx_carrierpay_session_t *s,
    ngx_str_t *token, const char *command);
static ngx_int_t ngx_carrierpay_session_send(ngx_carrierpay_session_t *s,
    ngx_uint_t argc, ngx_str_t *argv, ngx_carrierpay_redis_pt handler);
static void ngx_carrierpay_session_name(ngx_carrierpay_session_t *s,
    u_char *token, u_char *name);
static ngx_int_t ngx_carrierpay_session_pack(ngx_carrierpay_session_t *s,
    ngx_str_t *name, ngx_str_t *sealed);
static void ngx_carrierpay_session_texts(ngx_carrierpay_session_t *s,
    ngx_str_t *texts);
static ngx_int_t ngx_carrierpay_session_unpack(ngx_carrierpay_session_t *s,
    ngx_str_t *name, ngx_str_t *sealed);
static void ngx_carrierpay_session_fields(ngx_carrierpay_session_t *s,
    ngx_carrierpay_session_entry_t *entry, ngx_str_t *texts);
static ngx_int_t ngx_carrierpay_session_carrier(ngx_carrierpay_session_t *s,
    ngx_str_t *texts, ngx_uint_t evidence);
static void ngx_carrierpay_session_store_handler(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_session_get_handler(
    ngx_carrierpay_redis_command_t *cmd);


/* by ngx_carrierpay_session_e */

static ngx_carrierpay_session_kind_t  ngx_carrierpay_session_kinds[] = {
    { "cp:he:", "120000" },
    { "cp:co:", "900000" },
    { "cp:pn:", "900000" },
    { "cp:mo:", "900000" }
};


ngx_int_t
ngx_carrierpay_session_store(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind)
{
    if (ngx_carrierpay_random_token(s->token) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_session_store_as(flow, s, kind);
}


ngx_int_t
ngx_carrierpay_session_store_as(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind)
{
    u_char       name[NGX_CARRIERPAY_SESSION_NAME_LEN];
    ngx_str_t    argv[6];
    const char  *lifetime;

    s->flow = flow;
    s->kind = kind;

    lifetime = ngx_carrierpay_session_kinds[kind].lifetime;

    ngx_carrierpay_session_name(s, s->token, name);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);

    if (ngx_carrierpay_session_pack(s, &argv[1], &argv[2]) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "PX");
    argv[5].data = (u_char *) lifetime;
    argv[5].len = ngx_strlen(lifetime);

    return ngx_carrierpay_session_send(s, 6, argv,
                                       ngx_carrierpay_session_store_handler);
}


ngx_int_t
ngx_carrierpay_session_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind,
    ngx_str_t *token)
{
    s->flow = flow;
    s->kind = kind;

    return ngx_carrierpay_session_get(s, token, "GETDEL");
}


ngx_int_t
ngx_carrierpay_session_peek(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s, ngx_carrierpay_session_e kind,
    ngx_str_t *token)
{
    s->flow = flow;
    s->kind = kind;

    return ngx_carrierpay_session_get(s, token, "GET");
}


static ngx_int_t
ngx_carrierpay_session_get(ngx_carrierpay_session_t *s, ngx_str_t *token,
    const char *command)
{
    u_char     name[NGX_CARRIERPAY_SESSION_NAME_LEN];
    ngx_str_t  argv[2];

    ngx_memcpy(s->token, token->data, NGX_CARRIERPAY_TOKEN_LEN);
    ngx_carrierpay_session_name(s, s->token, name);

    argv[0].data = (u_char *) command;
    argv[0].len = ngx_strlen(command);
    argv[1].data = name;
    argv[1].len = sizeof(name);

    return ngx_carrierpay_session_send(s, 2, argv,
                                       ngx_carrierpay_session_get_handler);
}


static ngx_int_t
ngx_carrierpay_session_send(ngx_carrierpay_session_t *s, ngx_uint_t argc,
    ngx_str_t *argv, ngx_carrierpay_redis_pt handler)
{
    s->command.handler = handler;
    s->command.data = s;

    if (ngx_carrierpay_redis_send(s->flow->core->redis, &s->command, argc,
                                  argv)
        != NGX_OK)
    {
        return ngx_carrierpay_flow_leave(s->flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_carrierpay_session_stored(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_t *s)
{
    if (s->rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_OK;
}


static void
ngx_carrierpay_session_name(ngx_carrierpay_session_t *s, u_char *token,
    u_char *name)
{
    name = ngx_cpymem(name, ngx_carrierpay_session_kinds[s->kind].prefix,
                      NGX_CARRIERPAY_SESSION_PREFIX_LEN);
    ngx_memcpy(name, token, NGX_CARRIERPAY_TOKEN_LEN);
}


static ngx_int_t
ngx_carrierpay_session_pack(ngx_carrierpay_session_t *s, ngx_str_t *name,
    ngx_str_t *sealed)
{
    u_char                          *p;
    ngx_str_t                        plain;
    ngx_str_t                        texts[NGX_CARRIERPAY_SESSION_TEXTS];
    ngx_uint_t                       i;
    ngx_carrierpay_identity_t       *id;
    ngx_carrierpay_session_entry_t   entry;

    id = &s->identity;

    ngx_carrierpay_session_texts(s, texts);
    ngx_memzero(&entry, sizeof(entry));

    entry.size = sizeof(entry);
    entry.payment_id = id->payment_id;
    entry.shown_at = s->consent.shown_at;
    entry.family = id->family;
    entry.msisdn = id->msisdn;
    entry.method = id->method;
    entry.unproven = id->unproven;
    entry.typed = id->typed;
    entry.evidence = id->carrier.evidence;
    ngx_memcpy(entry.agent, id->agent, sizeof(entry.agent));
    ngx_memcpy(entry.client_network, id->client_network,
               sizeof(entry.client_network));
    ngx_memcpy(entry.browser, id->browser, sizeof(entry.browser));

    plain.len = sizeof(entry);

    for (i = 0; i < NGX_CARRIERPAY_SESSION_TEXTS; i++) {
        entry.lens[i] = texts[i].len;
        plain.len += texts[i].len;
    }

    plain.data = ngx_pnalloc(s->flow->pool, plain.len);

    if (plain.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(plain.data, &entry, sizeof(entry));

    for (i = 0; i < NGX_CARRIERPAY_SESSION_TEXTS; i++) {
        if (texts[i].len) {
            p = ngx_cpymem(p, texts[i].data, texts[i].len);
        }
    }

    return ngx_carrierpay_keyring_seal(&s->flow->core->conf->keyring,
                                       s->flow->pool, name, &plain, sealed);
}


static void
ngx_carrierpay_session_texts(ngx_carrierpay_session_t *s, ngx_str_t *texts)
{
    ngx_carrierpay_mvno_t      *mvno;
    ngx_carrierpay_operator_t  *op;

    op = s->identity.carrier.operator;
    mvno = s->identity.carrier.mvno;

    ngx_memzero(texts, NGX_CARRIERPAY_SESSION_TEXTS * sizeof(ngx_str_t));

    if (op) {
        texts[NGX_CARRIERPAY_SESSION_OPERATOR] = op->name;
    }

    if (mvno) {
        texts[NGX_CARRIERPAY_SESSION_MVNO] = mvno->name;
    }

    texts[NGX_CARRIERPAY_SESSION_ACR] = s->identity.acr;
    texts[NGX_CARRIERPAY_SESSION_LOCALE] = s->consent.locale;
    texts[NGX_CARRIERPAY_SESSION_PAGE] = s->consent.page;
    texts[NGX_CARRIERPAY_SESSION_SHOWN] = s->consent.shown;
}


/*
 * The texts stay in memory of the flow.  NGX_DECLINED also when the owner is
 * not configured any more.
 */

static ngx_int_t
ngx_carrierpay_session_unpack(ngx_carrierpay_session_t *s, ngx_str_t *name,
    ngx_str_t *sealed)
{
    u_char                          *p;
    ngx_str_t                        plain;
    ngx_str_t                        texts[NGX_CARRIERPAY_SESSION_TEXTS];
    ngx_uint_t                       i;
    ngx_carrierpay_session_entry_t   entry;

    if (ngx_carrierpay_keyring_open(&s->flow->core->conf->keyring,
                                    s->flow->pool, name, sealed, &plain)
        != NGX_OK
        || plain.len < sizeof(entry))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(&entry, plain.data, sizeof(entry));

    if (entry.size != sizeof(entry)
        || entry.msisdn.len > NGX_CARRIERPAY_MSISDN_MAX)
    {
        return NGX_DECLINED;
    }

    p = plain.data + sizeof(entry);

    for (i = 0; i < NGX_CARRIERPAY_SESSION_TEXTS; i++) {
        texts[i].data = entry.lens[i] ? p : NULL;
        texts[i].len = entry.lens[i];
        p += entry.lens[i];
    }

    if (p != plain.data + plain.len) {
        return NGX_DECLINED;
    }

    ngx_carrierpay_session_fields(s, &entry, texts);

    return ngx_carrierpay_session_carrier(s, texts, entry.evidence);
}


static void
ngx_carrierpay_session_fields(ngx_carrierpay_session_t *s,
    ngx_carrierpay_session_entry_t *entry, ngx_str_t *texts)
{
    ngx_carrierpay_consent_t   *consent;
    ngx_carrierpay_identity_t  *id;

    id = &s->identity;
    consent = &s->consent;

    id->payment_id = entry->payment_id;
    id->family = entry->family;
    id->msisdn = entry->msisdn;
    id->method = entry->method;
    id->unproven = entry->unproven;
    id->typed = entry->typed;
    id->acr = texts[NGX_CARRIERPAY_SESSION_ACR];
    ngx_memcpy(id->agent, entry->agent, sizeof(id->agent));
    ngx_memcpy(id->client_network, entry->client_network,
               sizeof(id->client_network));
    ngx_memcpy(id->browser, entry->browser, sizeof(id->browser));

    ngx_memzero(consent, sizeof(ngx_carrierpay_consent_t));

    consent->shown_at = entry->shown_at;
    consent->locale = texts[NGX_CARRIERPAY_SESSION_LOCALE];
    consent->page = texts[NGX_CARRIERPAY_SESSION_PAGE];
    consent->shown = texts[NGX_CARRIERPAY_SESSION_SHOWN];
}


static ngx_int_t
ngx_carrierpay_session_carrier(ngx_carrierpay_session_t *s, ngx_str_t *texts,
    ngx_uint_t evidence)
{
    ngx_str_t                   *op, *mvno;
    ngx_carrierpay_carrier_t    *carrier;
    ngx_carrierpay_operators_t  *ops;

    ops = &s->flow->core->conf->operators;
    carrier = &s->identity.carrier;
    op = &texts[NGX_CARRIERPAY_SESSION_OPERATOR];
    mvno = &texts[NGX_CARRIERPAY_SESSION_MVNO];

    ngx_memzero(carrier, sizeof(ngx_carrierpay_carrier_t));
    carrier->evidence = evidence;

    if (op->len == 0) {
        return mvno->len ? NGX_DECLINED : NGX_OK;
    }

    carrier->operator = ngx_carrierpay_operator_find(ops, op);

    if (carrier->operator == NULL) {
        return NGX_DECLINED;
    }

    if (mvno->len == 0) {
        return NGX_OK;
    }

    carrier->mvno = ngx_carrierpay_mvno_find(carrier->operator, mvno);

    return carrier->mvno ? NGX_OK : NGX_DECLINED;
}


static void
ngx_carrierpay_session_store_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_session_t  *s;

    s = cmd->data;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_STATUS:
        s->rc = NGX_OK;
        break;

    case NGX_CARRIERPAY_REDIS_NIL:
        s->rc = NGX_DECLINED;
        break;

    default: /* refused or lost: the entry may be there */
        s->rc = NGX_ERROR;
        break;
    }

    ngx_carrierpay_flow_done(s->flow);
}


static void
ngx_carrierpay_session_get_handler(ngx_carrierpay_redis_command_t *cmd)
{
    u_char                     text[NGX_CARRIERPAY_SESSION_NAME_LEN];
    ngx_str_t                  name;
    ngx_carrierpay_session_t  *s;

    s = cmd->data;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_STRING:
        ngx_carrierpay_session_name(s, s->token, text);

        name.data = text;
        name.len = sizeof(text);

        s->rc = ngx_carrierpay_session_unpack(s, &name, &cmd->value);
        break;

    case NGX_CARRIERPAY_REDIS_NIL:
        s->rc = NGX_DECLINED;
        break;

    default: /* refused or lost: the entry may be gone */
        s->rc = NGX_ERROR;
        break;
    }

    ngx_carrierpay_flow_done(s->flow);
}
