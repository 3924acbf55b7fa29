
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_inbound.h"
#include "ngx_carrierpay_sms_report.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_callback_events.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_reply.h"


#define NGX_HTTP_CARRIERPAY_CALLBACK_TIMEOUT   3000
#define NGX_HTTP_CARRIERPAY_CALLBACK_TEXT_MAX  255
#define NGX_HTTP_CARRIERPAY_CALLBACK_EVENTS    8      /* of most calls */


/* What differs between reports and messages. */

typedef struct {
    ngx_uint_t   stat;          /* of an accepted event */
    size_t       size;          /* of an event */

    /* Reads the events into the list, as the dialect does. */
    ngx_int_t  (*read)(ngx_carrierpay_sms_call_t *call, ngx_array_t *list);

    /*
     * Makes the flow of an event.  NGX_OK, and the flow is NULL if memory is
     * short; NGX_DECLINED: the event is malformed.
     */
    ngx_int_t  (*start)(ngx_http_request_t *r, void *event,
                   ngx_carrierpay_flow_t **flow);
} ngx_http_carrierpay_callback_kind_t;


typedef struct {
    const ngx_http_carrierpay_callback_kind_t  *kind;
    ngx_carrierpay_sms_provider_t              *provider;
    ngx_array_t                                 list;
    ngx_uint_t                                  next;     /* of the list */
    ngx_uint_t                                  status;   /* so far */
} ngx_http_carrierpay_callback_events_t;


static ngx_int_t ngx_http_carrierpay_callback_events(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call,
    const ngx_http_carrierpay_callback_kind_t *kind);
static ngx_int_t ngx_http_carrierpay_callback_events_read_dlr(
    ngx_carrierpay_sms_call_t *call, ngx_array_t *list);
static ngx_int_t ngx_http_carrierpay_callback_events_start_dlr(
    ngx_http_request_t *r, void *event, ngx_carrierpay_flow_t **flow);
static ngx_int_t ngx_http_carrierpay_callback_events_read_mo(
    ngx_carrierpay_sms_call_t *call, ngx_array_t *list);
static ngx_int_t ngx_http_carrierpay_callback_events_start_mo(
    ngx_http_request_t *r, void *event, ngx_carrierpay_flow_t **flow);
static ngx_uint_t ngx_http_carrierpay_callback_events_valid(ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_callback_events_next(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_events_end(
    ngx_http_request_t *r, ngx_carrierpay_flow_t *flow);
static void ngx_http_carrierpay_callback_events_malformed(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_events_answer(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_events_again(
    ngx_http_request_t *r);


static const ngx_http_carrierpay_callback_kind_t
    ngx_http_carrierpay_callback_kind_dlr =
{
    NGX_CARRIERPAY_STAT_SMS_CALLBACK_DLR, sizeof(ngx_carrierpay_sms_report_t),
    ngx_http_carrierpay_callback_events_read_dlr,
    ngx_http_carrierpay_callback_events_start_dlr
};

static const ngx_http_carrierpay_callback_kind_t
    ngx_http_carrierpay_callback_kind_mo =
{
    NGX_CARRIERPAY_STAT_SMS_CALLBACK_MO, sizeof(ngx_carrierpay_sms_mo_t),
    ngx_http_carrierpay_callback_events_read_mo,
    ngx_http_carrierpay_callback_events_start_mo
};


ngx_int_t
ngx_http_carrierpay_callback_events_dlr(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call)
{
    return ngx_http_carrierpay_callback_events(r, call,
                                       &ngx_http_carrierpay_callback_kind_dlr);
}


ngx_int_t
ngx_http_carrierpay_callback_events_mo(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call)
{
    return ngx_http_carrierpay_callback_events(r, call,
                                        &ngx_http_carrierpay_callback_kind_mo);
}


static ngx_int_t
ngx_http_carrierpay_callback_events(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call,
    const ngx_http_carrierpay_callback_kind_t *kind)
{
    ngx_int_t                               rc;
    ngx_http_carrierpay_ctx_t              *ctx;
    ngx_http_carrierpay_callback_events_t  *events;

    ctx = ngx_http_carrierpay_ctx(r);

    events = ngx_pcalloc(r->pool,
                         sizeof(ngx_http_carrierpay_callback_events_t));

    if (events == NULL || ngx_http_carrierpay_core(r) == NULL
        || ngx_array_init(&events->list, r->pool,
                          NGX_HTTP_CARRIERPAY_CALLBACK_EVENTS, kind->size)
           != NGX_OK)
    {
        return ngx_http_carrierpay_callback_events_again(r);
    }

    events->kind = kind;
    events->provider = call->provider;
    events->status = NGX_HTTP_OK;
    ctx->data = events;

    rc = kind->read(call, &events->list);

    if (rc == NGX_DECLINED) {
        ngx_http_carrierpay_callback_events_malformed(r);

    } else if (rc != NGX_OK) {
        return ngx_http_carrierpay_callback_events_again(r);

    } else if (events->list.nelts == 0) {
        ngx_carrierpay_count(kind->stat);
    }

    return ngx_http_carrierpay_callback_events_next(r);
}


static ngx_int_t
ngx_http_carrierpay_callback_events_read_dlr(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *list)
{
    return call->provider->dialect->report(call, list);
}


static ngx_int_t
ngx_http_carrierpay_callback_events_start_dlr(ngx_http_request_t *r,
    void *event, ngx_carrierpay_flow_t **flow)
{
    ngx_carrierpay_sms_report_t *report = event;

    if (!ngx_http_carrierpay_callback_events_valid(&report->id)
        || !ngx_http_carrierpay_callback_events_valid(&report->code))
    {
        return NGX_DECLINED;
    }

    *flow = ngx_carrierpay_sms_report(ngx_http_carrierpay_core(r), report);

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_callback_events_read_mo(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *list)
{
    return call->provider->dialect->mo(call, list);
}


static ngx_int_t
ngx_http_carrierpay_callback_events_start_mo(ngx_http_request_t *r,
    void *event, ngx_carrierpay_flow_t **flow)
{
    ngx_carrierpay_sms_mo_t *mo = event;

    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_callback_events_t  *events;

    ctx = ngx_http_carrierpay_ctx(r);
    events = ctx->data;

    if (!ngx_http_carrierpay_callback_events_valid(&mo->id)
        || !ngx_http_carrierpay_callback_events_valid(&mo->from)
        || !ngx_http_carrierpay_callback_events_valid(&mo->to))
    {
        return NGX_DECLINED;
    }

    *flow = ngx_carrierpay_sms_inbound(ngx_http_carrierpay_core(r),
                                       events->provider, mo);

    return NGX_OK;
}


/* The text may be empty.  The database refuses what is not UTF-8. */

static ngx_uint_t
ngx_http_carrierpay_callback_events_valid(ngx_str_t *text)
{
    return text->len <= NGX_HTTP_CARRIERPAY_CALLBACK_TEXT_MAX
           && ngx_carrierpay_text_utf8_valid(text->data, text->len);
}


/* Takes the next event, or answers if there is none. */

static ngx_int_t
ngx_http_carrierpay_callback_events_next(ngx_http_request_t *r)
{
    u_char                          *event;
    ngx_carrierpay_flow_t           *flow;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_callback_events_t  *events;

    ctx = ngx_http_carrierpay_ctx(r);
    events = ctx->data;

    while (events->next < events->list.nelts) {
        event = (u_char *) events->list.elts
                + events->next++ * events->list.size;

        if (events->kind->start(r, event, &flow) != NGX_OK) {
            ngx_http_carrierpay_callback_events_malformed(r);
            continue;
        }

        if (flow == NULL) {
            return ngx_http_carrierpay_callback_events_again(r);
        }

        return ngx_http_carrierpay_flow_wait(r, flow,
                                     NGX_HTTP_CARRIERPAY_CALLBACK_TIMEOUT,
                                     ngx_http_carrierpay_callback_events_end);
    }

    return ngx_http_carrierpay_callback_events_answer(r);
}


static ngx_int_t
ngx_http_carrierpay_callback_events_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_callback_events_t  *events;

    ctx = ngx_http_carrierpay_ctx(r);
    events = ctx->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        ngx_carrierpay_count(events->kind->stat);
        break;

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_CALLBACK_REFUSED);
        break;

    case NGX_CARRIERPAY_FLOW_REFUSED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_CALLBACK_UNREADABLE);
        events->status = ngx_max(events->status,
                                   NGX_HTTP_CARRIERPAY_UNPROCESSABLE);
        break;

    default:
        return ngx_http_carrierpay_callback_events_again(r);
    }

    return ngx_http_carrierpay_callback_events_next(r);
}


/* The log has no word of the call, which may hold numbers and texts. */

static void
ngx_http_carrierpay_callback_events_malformed(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_callback_events_t  *events;

    ctx = ngx_http_carrierpay_ctx(r);
    events = ctx->data;

    events->status = ngx_max(events->status, NGX_HTTP_BAD_REQUEST);

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_CALLBACK_REFUSED);

    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                  "call of SMS gateway \"%V\" is not of the configured form",
                  &events->provider->name);
}


static ngx_int_t
ngx_http_carrierpay_callback_events_answer(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_carrierpay_sms_provider_t   *provider;
    ngx_http_carrierpay_callback_events_t  *events;

    ctx = ngx_http_carrierpay_ctx(r);
    events = ctx->data;
    provider = events->provider;

    switch (events->status) {

    case NGX_HTTP_OK:
        return ngx_http_carrierpay_reply_text(r, NGX_HTTP_OK,
                                           (char *) provider->answer_type.data,
                                           NULL, &provider->answer);

    case NGX_HTTP_CARRIERPAY_UNPROCESSABLE:
        return ngx_http_carrierpay_reply_error(r, events->status,
                                               "unreadable_message",
                                               "The sender's number or the"
                                               " text cannot be read; the"
                                               " message is kept");

    default: /* NGX_HTTP_BAD_REQUEST */
        return ngx_http_carrierpay_reply_error(r, events->status,
                                               "invalid_callback",
                                               "The call is not of the form"
                                               " that is configured for this"
                                               " gateway");
    }
}


/* The events that are kept are known when they come again. */

static ngx_int_t
ngx_http_carrierpay_callback_events_again(ngx_http_request_t *r)
{
    ngx_str_t  empty = ngx_null_string;

    return ngx_http_carrierpay_reply_text(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                          "text/plain", NULL, &empty);
}
