
/*
 * The sandbox operator: what a merchant integrates against, and what tests
 * and benchmarks charge at.
 *
 *   POST /charges              201 charged, 402 declined, 202 pending: the
 *                              subscriber is asked; 409 the first result
 *   GET  /charges/{reference}  200 charged, declined or pending; 404
 *   POST /lookups              200 whose line it is, 404; see its header
 *
 * The last four digits of a number or a reference say what becomes of a
 * charge:
 *
 *   0002  declined: insufficient_funds       0005  charged, answered late
 *   0003  declined: declined_by_subscriber   0006  charged, no answer
 *   0004  declined: subscriber_blocked       0007  not charged, no answer
 *   0008  pending, then charged              0009  pending, then declined
 *
 * and every other line is charged.  Beside it, in a location of its own, the
 * sandbox SMS gateway; see its header.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_time.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_sandbox_late.h"
#include "ngx_http_carrierpay_sandbox_lookup.h"
#include "ngx_http_carrierpay_sandbox_sms.h"
#include "ngx_http_carrierpay_sandbox_store.h"


#define NGX_HTTP_CARRIERPAY_SANDBOX_DELAY     3000
#define NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX  4096
#define NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MAX   16384

/* Payment Required, for which nginx has no name */
#define NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED  402


/* behaviours of the magic numbers; those below SLOW are declines */

#define NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE    0
#define NGX_HTTP_CARRIERPAY_SANDBOX_DECLINES  3
#define NGX_HTTP_CARRIERPAY_SANDBOX_SLOW      4
#define NGX_HTTP_CARRIERPAY_SANDBOX_CUT       5
#define NGX_HTTP_CARRIERPAY_SANDBOX_SILENT    6
#define NGX_HTTP_CARRIERPAY_SANDBOX_APPROVES  7
#define NGX_HTTP_CARRIERPAY_SANDBOX_DENIES    8


typedef struct {
    ngx_array_t                       stores;     /* of pointers */
} ngx_http_carrierpay_sandbox_main_conf_t;


typedef struct {
    ngx_http_carrierpay_store_t           *store;
    ngx_msec_t                             delay;
    ngx_http_carrierpay_sandbox_lookup_t   lookup;
    ngx_http_carrierpay_sandbox_sms_t      sms;
} ngx_http_carrierpay_sandbox_loc_conf_t;


/* the body of a charge */

typedef struct {
    ngx_str_t                         reference;
    ngx_str_t                         end_user;
    int64_t                           amount;
    ngx_str_t                         currency;
    ngx_str_t                         description;
} ngx_http_carrierpay_sandbox_order_t;


static ngx_int_t ngx_http_carrierpay_sandbox_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_sandbox_charge(ngx_http_request_t *r,
    ngx_str_t *body);
static void ngx_http_carrierpay_sandbox_prompt(
    ngx_http_carrierpay_charge_t *charge, ngx_uint_t magic, ngx_msec_t delay);
static ngx_uint_t ngx_http_carrierpay_sandbox_magic(ngx_str_t *end_user);
static ngx_int_t ngx_http_carrierpay_sandbox_status(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_asked(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_gateway(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_sandbox_message(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_sandbox_reply(ngx_http_request_t *r,
    ngx_uint_t status, ngx_http_carrierpay_charge_t *charge,
    ngx_msec_t delay);

static const char *ngx_http_carrierpay_sandbox_word(ngx_str_t *value);
static const char *ngx_http_carrierpay_sandbox_currency(ngx_str_t *value);

static void *ngx_http_carrierpay_sandbox_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_carrierpay_sandbox_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_sandbox_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_carrierpay_sandbox_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_carrierpay_sandbox_sms_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_carrierpay_sandbox_parameter(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *value);
static char *ngx_http_carrierpay_sandbox_zone(ngx_conf_t *cf,
    ngx_str_t *value, ngx_str_t *name, ssize_t *size);
static char *ngx_http_carrierpay_sandbox_add(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *log,
    ngx_str_t *zone, ssize_t size);
static ngx_int_t ngx_http_carrierpay_sandbox_init_process(ngx_cycle_t *cycle);


#define ngx_http_carrierpay_sandbox_order(field)                              \
    offsetof(ngx_http_carrierpay_sandbox_order_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_sandbox_fields[] = {

    { ngx_string("reference"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX,
      ngx_http_carrierpay_sandbox_order(reference), "invalid_parameter",
      ngx_http_carrierpay_sandbox_word },

    { ngx_string("line"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      NGX_CARRIERPAY_MSISDN_MIN, NGX_CARRIERPAY_END_USER_MAX,
      ngx_http_carrierpay_sandbox_order(end_user), "invalid_parameter",
      ngx_http_carrierpay_sandbox_end_user },

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 1,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      ngx_http_carrierpay_sandbox_order(amount), "invalid_amount", NULL },

    { ngx_string("currency"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      3, 3,
      ngx_http_carrierpay_sandbox_order(currency), "invalid_currency",
      ngx_http_carrierpay_sandbox_currency },

    { ngx_string("description"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      0, 1024,
      ngx_http_carrierpay_sandbox_order(description), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_sandbox_routes[] = {

    { NGX_HTTP_POST, ngx_string("/charges"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_charge, 0 },

    { NGX_HTTP_GET, ngx_string("/charges/{id}"),
      0, ngx_http_carrierpay_sandbox_status, 0 },

    { NGX_HTTP_POST, ngx_string("/lookups"),
      NGX_HTTP_CARRIERPAY_SANDBOX_BODY_MAX,
      ngx_http_carrierpay_sandbox_asked, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


/* its location may have any name: there is one path */

static ngx_http_carrierpay_route_t  ngx_http_carrierpay_gateway_routes[] = {

    { NGX_HTTP_POST, ngx_string("/"),
      NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MAX,
      ngx_http_carrierpay_sandbox_message, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


static ngx_command_t  ngx_http_carrierpay_sandbox_commands[] = {

    { ngx_string("carrierpay_sandbox_operator"),
      NGX_HTTP_LOC_CONF|NGX_CONF_2MORE,
      ngx_http_carrierpay_sandbox_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_sandbox_sms"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_sandbox_sms_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_sandbox_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    ngx_http_carrierpay_sandbox_create_main_conf,  /* create main conf */
    NULL,                                          /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_sandbox_create_loc_conf,   /* create location conf */
    ngx_http_carrierpay_sandbox_merge_loc_conf     /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_sandbox_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_sandbox_module_ctx,       /* module context */
    ngx_http_carrierpay_sandbox_commands,          /* module directives */
    NGX_HTTP_MODULE,                               /* module type */
    NULL,                                          /* init master */
    NULL,                                          /* init module */
    ngx_http_carrierpay_sandbox_init_process,      /* init process */
    NULL,                                          /* init thread */
    NULL,                                          /* exit thread */
    NULL,                                          /* exit process */
    NULL,                                          /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_sandbox_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_sandbox_routes,
                                     &path,
                                     ngx_http_carrierpay_route_problem);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_charge(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_uint_t                               magic;
    ngx_http_carrierpay_charge_t             charge;
    ngx_http_carrierpay_problem_t            problem;
    ngx_http_carrierpay_sandbox_order_t      order;
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    ngx_memzero(&order, sizeof(ngx_http_carrierpay_sandbox_order_t));
    ngx_memzero(&charge, sizeof(ngx_http_carrierpay_charge_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                       ngx_http_carrierpay_sandbox_fields,
                                       &order, &problem);
    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    magic = ngx_http_carrierpay_sandbox_magic(&order.end_user);

    if (magic == NGX_HTTP_CARRIERPAY_SANDBOX_SILENT) {
        return NGX_HTTP_CLOSE;
    }

    charge.reference = order.reference;
    charge.amount = order.amount;
    ngx_memcpy(charge.currency, order.currency.data, sizeof(charge.currency));

    if (magic <= NGX_HTTP_CARRIERPAY_SANDBOX_DECLINES) {
        charge.decline = magic;
    }

    slcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_sandbox_module);

    if (magic >= NGX_HTTP_CARRIERPAY_SANDBOX_APPROVES) {
        ngx_http_carrierpay_sandbox_prompt(&charge, magic, slcf->delay);
    }

    rc = ngx_http_carrierpay_store_put(slcf->store, &charge,
                                       r->connection->log);
    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_sandbox_reply(r, NGX_HTTP_CONFLICT,
                                                 &charge, 0);
    }

    if (magic == NGX_HTTP_CARRIERPAY_SANDBOX_CUT) {
        return NGX_HTTP_CLOSE;
    }

    return ngx_http_carrierpay_sandbox_reply(r, NGX_HTTP_CREATED, &charge,
                                    magic == NGX_HTTP_CARRIERPAY_SANDBOX_SLOW
                                    ? slcf->delay : 0);
}


/*
 * The subscriber has a prompt in his hand, and will have answered it after the
 * delay.  What he will say is known, so it is logged now.
 */

static void
ngx_http_carrierpay_sandbox_prompt(ngx_http_carrierpay_charge_t *charge,
    ngx_uint_t magic, ngx_msec_t delay)
{
    charge->answered = ngx_carrierpay_now() + delay;

    if (magic == NGX_HTTP_CARRIERPAY_SANDBOX_DENIES) {
        charge->decline = ngx_http_carrierpay_store_decline(
                                 (u_char *) "declined_by_subscriber",
                                 sizeof("declined_by_subscriber") - 1);
    }
}


/* 0002 to 0009 are 1 to 8, of which the first three are declines */

static ngx_uint_t
ngx_http_carrierpay_sandbox_magic(ngx_str_t *end_user)
{
    ngx_int_t  n;

    n = ngx_http_carrierpay_sandbox_digits(end_user);

    return (n >= 2 && n <= 9) ? (ngx_uint_t) n - 1
                              : NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE;
}


static ngx_int_t
ngx_http_carrierpay_sandbox_status(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_charge_t             charge;
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    ctx = ngx_http_carrierpay_ctx(r);
    slcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_sandbox_module);

    ngx_memzero(&charge, sizeof(ngx_http_carrierpay_charge_t));
    charge.reference = ctx->id;

    if (ngx_http_carrierpay_store_get(slcf->store, &charge) != NGX_OK) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND,
                                               "not_found", "There is no"
                                               " charge with this"
                                               " reference");
    }

    return ngx_http_carrierpay_sandbox_reply(r, NGX_HTTP_OK, &charge, 0);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_asked(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_sandbox_module);

    return ngx_http_carrierpay_sandbox_lookup(r, &slcf->lookup, body,
                                              slcf->delay);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_gateway(ngx_http_request_t *r)
{
    ngx_str_t  path = ngx_string("/");

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_gateway_routes,
                                     &path,
                                     ngx_http_carrierpay_route_problem);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_message(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf;

    slcf = ngx_http_get_module_loc_conf(r, ngx_http_carrierpay_sandbox_module);

    return ngx_http_carrierpay_sandbox_sms(r, &slcf->sms, body);
}


/*
 * The operator's own reference follows from ours, so that it is the same
 * whenever it is told; a status of 201 is 402 for a decline.
 */

static ngx_int_t
ngx_http_carrierpay_sandbox_reply(ngx_http_request_t *r, ngx_uint_t status,
    ngx_http_carrierpay_charge_t *charge, ngx_msec_t delay)
{
    u_char     *p, *last;
    size_t      len;
    ngx_str_t   json;

    len = sizeof("{\"reference\":\"\",\"status\":\"declined\",\"code\":\"\","
                 "\"operator_reference\":\"sbx_\"}")
          + 2 * NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX;

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json.data = p;
    last = p + len;

    if (charge->answered > ngx_carrierpay_now()) {
        if (status == NGX_HTTP_CREATED) {
            status = NGX_HTTP_ACCEPTED;
        }

        p = ngx_slprintf(p, last, "{\"reference\":\"%V\",\"status\":"
                         "\"pending\"}", &charge->reference);

    } else if (charge->decline) {
        if (status == NGX_HTTP_CREATED) {
            status = NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED;
        }

        p = ngx_slprintf(p, last, "{\"reference\":\"%V\",\"status\":"
                         "\"declined\",\"code\":\"%s\"}", &charge->reference,
                      ngx_http_carrierpay_store_decline_code(charge->decline));

    } else {
        p = ngx_slprintf(p, last, "{\"reference\":\"%V\",\"status\":"
                         "\"charged\",\"operator_reference\":"
                         "\"sbx_%08xD%08xD\"}", &charge->reference,
                         ngx_murmur_hash2(charge->reference.data,
                                          charge->reference.len),
                         ngx_crc32_long(charge->reference.data,
                                        charge->reference.len));
    }

    json.len = p - json.data;

    return delay ? ngx_http_carrierpay_sandbox_late(r, status, &json, delay)
                 : ngx_http_carrierpay_reply_json(r, status, &json);
}


/* a word stands in the log as it is */

static const char *
ngx_http_carrierpay_sandbox_word(ngx_str_t *value)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < value->len; i++) {
        c = value->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
        {
            return "must have letters, digits, \"-\", \"_\" and \".\" only";
        }
    }

    return NULL;
}


static const char *
ngx_http_carrierpay_sandbox_currency(ngx_str_t *value)
{
    if (ngx_carrierpay_currency_find(value->data, value->len) == NULL) {
        return "must be an ISO 4217 code in capital letters";
    }

    return NULL;
}


static void *
ngx_http_carrierpay_sandbox_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_carrierpay_sandbox_main_conf_t  *smcf;

    smcf = ngx_palloc(cf->pool,
                      sizeof(ngx_http_carrierpay_sandbox_main_conf_t));
    if (smcf == NULL) {
        return NULL;
    }

    if (ngx_array_init(&smcf->stores, cf->pool, 1,
                       sizeof(ngx_http_carrierpay_store_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return smcf;
}


static void *
ngx_http_carrierpay_sandbox_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_sandbox_loc_conf_t));
}


static char *
ngx_http_carrierpay_sandbox_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *prev = parent;
    ngx_http_carrierpay_sandbox_loc_conf_t  *conf = child;

    if (conf->store == NULL && conf->sms.file == NULL
        && ngx_http_carrierpay_route_inherits(cf))
    {
        *conf = *prev;
    }

    if (conf->store || conf->sms.file) {
        ngx_http_carrierpay_body_own_limit(cf);
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_sandbox_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf = conf;

    char        *rv;
    ssize_t      size;
    ngx_int_t    rc;
    ngx_str_t   *value, log, zone;
    ngx_uint_t   i;

    if (slcf->store) {
        return "is duplicate";
    }

    ngx_str_null(&log);
    ngx_str_null(&zone);

    size = 0;
    slcf->delay = NGX_HTTP_CARRIERPAY_SANDBOX_DELAY;
    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "log=", 4) == 0) {
            log.data = value[i].data + 4;
            log.len = value[i].len - 4;
            continue;
        }

        if (ngx_strncmp(value[i].data, "zone=", 5) == 0) {
            rv = ngx_http_carrierpay_sandbox_zone(cf, &value[i], &zone, &size);

            if (rv != NGX_CONF_OK) {
                return rv;
            }

            continue;
        }

        rc = ngx_http_carrierpay_sandbox_parameter(cf, slcf, &value[i]);

        if (rc == NGX_DECLINED) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return ngx_http_carrierpay_sandbox_add(cf, slcf, &log, &zone, size);
}


/* carrierpay_sandbox_sms file=NAME; */

static char *
ngx_http_carrierpay_sandbox_sms_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sandbox_loc_conf_t  *slcf = conf;

    char       *rv;
    ngx_str_t  *value;

    if (slcf->sms.file) {
        return "is duplicate";
    }

    value = cf->args->elts;
    rv = ngx_http_carrierpay_sandbox_sms_file(cf, &slcf->sms, &value[1]);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    return ngx_http_carrierpay_route_location(cf,
                                      ngx_http_carrierpay_sandbox_gateway, 0);
}


/* delay=TIME, and those of the lookup */

static ngx_int_t
ngx_http_carrierpay_sandbox_parameter(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *value)
{
    ngx_int_t  delay;
    ngx_str_t  s;

    if (ngx_strncmp(value->data, "delay=", 6) != 0) {
        return ngx_http_carrierpay_sandbox_lookup_parameter(cf, &slcf->lookup,
                                                            value);
    }

    s.data = value->data + 6;
    s.len = value->len - 6;

    delay = ngx_parse_time(&s, 0);

    if (delay == NGX_ERROR) {
        return NGX_DECLINED;
    }

    slcf->delay = (ngx_msec_t) delay;

    return NGX_OK;
}


/* zone=NAME:SIZE */

static char *
ngx_http_carrierpay_sandbox_zone(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *name, ssize_t *size)
{
    u_char     *p, *last;
    ngx_str_t   s;

    last = value->data + value->len;

    name->data = value->data + sizeof("zone=") - 1;

    p = ngx_strlchr(name->data, last, ':');

    if (p == NULL) {
        goto invalid;
    }

    name->len = p - name->data;

    s.data = p + 1;
    s.len = last - s.data;

    *size = ngx_parse_size(&s);

    if (name->len == 0 || *size == NGX_ERROR) {
        goto invalid;
    }

    if (*size < (ssize_t) (8 * ngx_pagesize)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "zone \"%V\" is too small",
                           name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid zone \"%V\"", value);

    return NGX_CONF_ERROR;
}


static char *
ngx_http_carrierpay_sandbox_add(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_loc_conf_t *slcf, ngx_str_t *log,
    ngx_str_t *zone, ssize_t size)
{
    ngx_http_carrierpay_store_t             **store;
    ngx_http_carrierpay_sandbox_main_conf_t  *smcf;

    if (log->len == 0 || zone->len == 0) {
        return "needs \"log\" and \"zone\"";
    }

    slcf->store = ngx_http_carrierpay_store_create(cf, log, zone, size,
                                         &ngx_http_carrierpay_sandbox_module);
    if (slcf->store == NULL) {
        return NGX_CONF_ERROR;
    }

    smcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_carrierpay_sandbox_module);

    store = ngx_array_push(&smcf->stores);
    if (store == NULL) {
        return NGX_CONF_ERROR;
    }

    *store = slcf->store;

    return ngx_http_carrierpay_route_location(cf,
                                      ngx_http_carrierpay_sandbox_handler, 1);
}


static ngx_int_t
ngx_http_carrierpay_sandbox_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                                i;
    ngx_http_carrierpay_store_t             **store;
    ngx_http_carrierpay_sandbox_main_conf_t  *smcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    smcf = ngx_http_cycle_get_module_main_conf(cycle,
                                          ngx_http_carrierpay_sandbox_module);

    if (smcf == NULL) {
        return NGX_OK;
    }

    store = smcf->stores.elts;

    for (i = 0; i < smcf->stores.nelts; i++) {
        ngx_http_carrierpay_store_start(store[i], cycle->log);
    }

    return NGX_OK;
}
