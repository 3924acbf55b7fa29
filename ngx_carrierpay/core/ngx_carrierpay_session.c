
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_session.h"


#define NGX_CARRIERPAY_SESSION_PREFIX_LEN  (sizeof("cp:he:") - 1)
#define NGX_CARRIERPAY_SESSION_NAME_LEN                                       \
    (NGX_CARRIERPAY_SESSION_PREFIX_LEN + NGX_CARRIERPAY_TOKEN_LEN)


/*
 * The entry before it is sealed: fixed fields, then the names of operator and
 * MVNO and the reference, of these lengths.  It is sealed under its own key
 * in Redis, so that it cannot be moved to another.
 */
typedef struct {
    uint32_t                  size;        /* of this struct: its version */
    int64_t                   payment_id;
    uint32_t                  family;
    u_char                    agent[16];
    ngx_carrierpay_msisdn_t   msisdn;
    uint32_t                  evidence;
    uint32_t                  operator_len;   /* 0: none that we know */
    uint32_t                  mvno_len;    /* 0: the operator's own */
    uint32_t                  acr_len;     /* 0: there is a number */
} ngx_carrierpay_session_entry_t;


typedef struct {
    const char               *prefix;
    const char               *lifetime;    /* ms */
} ngx_carrierpay_session_kind_t;


static void ngx_carrierpay_session_name(ngx_carrierpay_session_t *s,
    u_char *token, u_char *name);
static ngx_int_t ngx_carrierpay_session_pack(ngx_carrierpay_session_t *s,
    ngx_str_t *name, ngx_str_t *sealed);
static ngx_int_t ngx_carrierpay_session_unpack(ngx_carrierpay_session_t *s,
    ngx_str_t *name, ngx_str_t *sealed);
static ngx_int_t ngx_carrierpay_session_owner(ngx_carrierpay_session_t *s,
    ngx_carrierpay_session_entry_t *entry, u_char *names);
static void ngx_carrierpay_session_put_handler(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_session_take_handler(
    ngx_carrierpay_redis_command_t *cmd);


/* by ngx_carrierpay_session_e */

static ngx_carrierpay_session_kind_t  ngx_carrierpay_session_kinds[] = {
    { "cp:he:", "120000" },
    { "cp:co:", "900000" }
};


ngx_int_t
ngx_carrierpay_session_put(ngx_carrierpay_session_t *s)
{
    u_char                          name[NGX_CARRIERPAY_SESSION_NAME_LEN];
    ngx_str_t                       argv[6];
    ngx_carrierpay_session_kind_t  *kind;

    if (ngx_carrierpay_token_random(s->token) != NGX_OK) {
        return NGX_ERROR;
    }

    kind = &ngx_carrierpay_session_kinds[s->kind];

    ngx_carrierpay_session_name(s, s->token, name);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);

    if (ngx_carrierpay_session_pack(s, &argv[1], &argv[2]) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "PX");
    argv[5].data = (u_char *) kind->lifetime;
    argv[5].len = ngx_strlen(kind->lifetime);

    s->command.handler = ngx_carrierpay_session_put_handler;
    s->command.data = s;

    if (ngx_carrierpay_redis_send(s->flow->core->redis, &s->command, 6, argv)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_carrierpay_session_take(ngx_carrierpay_session_t *s, ngx_str_t *token)
{
    u_char     name[NGX_CARRIERPAY_SESSION_NAME_LEN];
    ngx_str_t  argv[2];

    ngx_memcpy(s->token, token->data, NGX_CARRIERPAY_TOKEN_LEN);
    ngx_carrierpay_session_name(s, s->token, name);

    ngx_str_set(&argv[0], "GETDEL");
    argv[1].data = name;
    argv[1].len = sizeof(name);

    s->command.handler = ngx_carrierpay_session_take_handler;
    s->command.data = s;

    if (ngx_carrierpay_redis_send(s->flow->core->redis, &s->command, 2, argv)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


void
ngx_carrierpay_identity_line(ngx_carrierpay_identity_t *identity,
    ngx_str_t *line)
{
    if (identity->acr.len) {
        *line = identity->acr;
        return;
    }

    line->data = identity->msisdn.digits;
    line->len = identity->msisdn.len;
}


ngx_uint_t
ngx_carrierpay_session_same_visitor(ngx_carrierpay_identity_t *a,
    ngx_carrierpay_identity_t *b)
{
    return a->family == b->family
           && ngx_memcmp(a->agent, b->agent, sizeof(a->agent)) == 0;
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
    ngx_carrierpay_mvno_t           *mvno;
    ngx_carrierpay_identity_t       *id;
    ngx_carrierpay_operator_t       *op;
    ngx_carrierpay_session_entry_t   entry;

    id = &s->identity;
    op = id->owner.operator;
    mvno = id->owner.mvno;

    ngx_memzero(&entry, sizeof(entry));

    entry.size = sizeof(entry);
    entry.payment_id = id->payment_id;
    entry.family = id->family;
    entry.msisdn = id->msisdn;
    entry.evidence = id->owner.evidence;
    entry.operator_len = op ? op->name.len : 0;
    entry.mvno_len = mvno ? mvno->name.len : 0;
    entry.acr_len = id->acr.len;
    ngx_memcpy(entry.agent, id->agent, sizeof(entry.agent));

    plain.len = sizeof(entry) + entry.operator_len + entry.mvno_len
                + entry.acr_len;
    plain.data = ngx_pnalloc(s->flow->pool, plain.len);

    if (plain.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(plain.data, &entry, sizeof(entry));

    if (op) {
        p = ngx_cpymem(p, op->name.data, op->name.len);
    }

    if (mvno) {
        p = ngx_cpymem(p, mvno->name.data, mvno->name.len);
    }

    if (id->acr.len) {
        ngx_memcpy(p, id->acr.data, id->acr.len);
    }

    return ngx_carrierpay_keyring_seal(&s->flow->core->conf->keyring,
                                       s->flow->pool, name, &plain, sealed);
}


/* NGX_DECLINED also when the owner is not configured any more. */

static ngx_int_t
ngx_carrierpay_session_unpack(ngx_carrierpay_session_t *s, ngx_str_t *name,
    ngx_str_t *sealed)
{
    ngx_str_t                        plain;
    ngx_carrierpay_conf_t           *conf;
    ngx_carrierpay_identity_t       *id;
    ngx_carrierpay_session_entry_t   entry;

    conf = s->flow->core->conf;

    if (ngx_carrierpay_keyring_open(&conf->keyring, s->flow->pool, name,
                                    sealed, &plain)
        != NGX_OK
        || plain.len < sizeof(entry))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(&entry, plain.data, sizeof(entry));

    if (entry.size != sizeof(entry)
        || entry.msisdn.len > NGX_CARRIERPAY_MSISDN_MAX
        || (entry.mvno_len && entry.operator_len == 0)
        || plain.len != sizeof(entry) + entry.operator_len + entry.mvno_len
                        + entry.acr_len)
    {
        return NGX_DECLINED;
    }

    id = &s->identity;

    id->payment_id = entry.payment_id;
    id->family = entry.family;
    id->msisdn = entry.msisdn;
    ngx_memcpy(id->agent, entry.agent, sizeof(id->agent));

    return ngx_carrierpay_session_owner(s, &entry,
                                        plain.data + sizeof(entry));
}


/* The names, and the reference, which stay in memory of the flow. */

static ngx_int_t
ngx_carrierpay_session_owner(ngx_carrierpay_session_t *s,
    ngx_carrierpay_session_entry_t *entry, u_char *names)
{
    ngx_str_t                   name;
    ngx_carrierpay_owner_t     *owner;
    ngx_carrierpay_identity_t  *id;

    id = &s->identity;
    owner = &id->owner;

    ngx_memzero(owner, sizeof(ngx_carrierpay_owner_t));
    owner->evidence = entry->evidence;

    name.data = names;
    name.len = entry->operator_len;

    if (name.len) {
        owner->operator = ngx_carrierpay_operator_find(
                                     &s->flow->core->conf->operators, &name);
        if (owner->operator == NULL) {
            return NGX_DECLINED;
        }
    }

    name.data += name.len;
    name.len = entry->mvno_len;

    if (name.len) {
        owner->mvno = ngx_carrierpay_mvno_find(owner->operator, &name);

        if (owner->mvno == NULL) {
            return NGX_DECLINED;
        }
    }

    id->acr.data = name.data + name.len;
    id->acr.len = entry->acr_len;

    return NGX_OK;
}


static void
ngx_carrierpay_session_put_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_session_t  *s;

    s = cmd->data;
    s->rc = cmd->reply == NGX_CARRIERPAY_REDIS_STATUS ? NGX_OK : NGX_ERROR;

    s->handler(s);
}


static void
ngx_carrierpay_session_take_handler(ngx_carrierpay_redis_command_t *cmd)
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

    s->handler(s);
}
