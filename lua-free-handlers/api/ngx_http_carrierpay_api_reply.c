
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_id.h"
#include "ngx_http_carrierpay_api_reason.h"
#include "ngx_http_carrierpay_api_reply.h"


#define NGX_HTTP_CARRIERPAY_API_PAYMENTS_PATH  "/v1/payments/"


static ngx_int_t ngx_http_carrierpay_api_refusal_problem(ngx_http_request_t *r,
    ngx_str_t *reason, ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_api_nearest(ngx_http_request_t *r,
    int64_t below, int64_t above, ngx_str_t *json);


ngx_int_t
ngx_http_carrierpay_api_unavailable(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                           "service_unavailable",
                                           "The service cannot answer now;"
                                           " try again with the same"
                                           " Idempotency-Key");
}


ngx_int_t
ngx_http_carrierpay_api_not_found(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND, "not_found",
                                           "You have no payment with this"
                                           " id");
}


ngx_int_t
ngx_http_carrierpay_api_still_processing(ngx_http_request_t *r, int64_t id)
{
    if (id && ngx_http_carrierpay_api_reply_location(r, id) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_GATEWAY_TIME_OUT,
                                           "still_processing",
                                           "The payment goes on; ask for it,"
                                           " or wait for the webhook");
}


ngx_int_t
ngx_http_carrierpay_api_refused(ngx_http_request_t *r, ngx_str_t *reason)
{
    return ngx_http_carrierpay_api_refused_amount(r, reason, 0, 0);
}


ngx_int_t
ngx_http_carrierpay_api_refused_amount(ngx_http_request_t *r,
    ngx_str_t *reason, int64_t below, int64_t above)
{
    ngx_http_carrierpay_problem_t  problem;

    if (ngx_http_carrierpay_api_refusal_problem(r, reason, &problem)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if ((below || above)
        && ngx_http_carrierpay_api_nearest(r, below, above, &problem.extension)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


/* The detail ends with the payment: "…; see pay_06y38gcsw0000". */

ngx_int_t
ngx_http_carrierpay_api_refused_consent(ngx_http_request_t *r,
    ngx_str_t *reason, int64_t payment_id)
{
    u_char                         *p;
    ngx_str_t                       detail;
    ngx_http_carrierpay_problem_t   problem;

    if (ngx_http_carrierpay_api_refusal_problem(r, reason, &problem)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(r->pool, problem.detail.len + sizeof("; see ") - 1
                             + NGX_CARRIERPAY_ID_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    detail.data = p;
    p = ngx_sprintf(p, "%V; see ", &problem.detail);
    p = ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYMENT, payment_id);
    detail.len = p - detail.data;

    problem.detail = detail;

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static ngx_int_t
ngx_http_carrierpay_api_refusal_problem(ngx_http_request_t *r,
    ngx_str_t *reason, ngx_http_carrierpay_problem_t *problem)
{
    const char                           *code;
    const ngx_http_carrierpay_refusal_t  *refusal;

    refusal = ngx_http_carrierpay_api_refusal(reason);

    code = ngx_http_carrierpay_api_code(r, reason);
    if (code == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_api_problem(problem,
                                    NGX_HTTP_CARRIERPAY_UNPROCESSABLE, code,
                                    refusal->detail);

    problem->param.data = (u_char *) refusal->param;
    problem->param.len = ngx_strlen(refusal->param);

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_api_nearest(ngx_http_request_t *r, int64_t below,
    int64_t above, ngx_str_t *json)
{
    u_char  *p;

    p = ngx_pnalloc(r->pool, sizeof("\"nearest_amounts\":[,],") - 1
                             + 2 * NGX_INT64_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json->data = p;
    p = ngx_sprintf(p, "\"nearest_amounts\":[");

    if (below) {
        p = ngx_sprintf(p, above ? "%L," : "%L", below);
    }

    if (above) {
        p = ngx_sprintf(p, "%L", above);
    }

    p = ngx_sprintf(p, "],");
    json->len = p - json->data;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_api_reply_location(ngx_http_request_t *r, int64_t id)
{
    u_char     *p;
    ngx_str_t   path;

    path.len = sizeof(NGX_HTTP_CARRIERPAY_API_PAYMENTS_PATH) - 1
               + NGX_CARRIERPAY_ID_LEN;
    path.data = ngx_pnalloc(r->pool, path.len);
    if (path.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(path.data, NGX_HTTP_CARRIERPAY_API_PAYMENTS_PATH,
                   sizeof(NGX_HTTP_CARRIERPAY_API_PAYMENTS_PATH) - 1);
    (void) ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYMENT, id);

    return ngx_http_carrierpay_reply_header(r, "Location", &path);
}


void
ngx_http_carrierpay_api_problem(ngx_http_carrierpay_problem_t *problem,
    ngx_uint_t status, const char *code, const char *detail)
{
    ngx_memzero(problem, sizeof(ngx_http_carrierpay_problem_t));

    problem->status = status;
    problem->code = code;
    problem->detail.data = (u_char *) detail;
    problem->detail.len = ngx_strlen(detail);
}


const char *
ngx_http_carrierpay_api_code(ngx_http_request_t *r, ngx_str_t *reason)
{
    u_char  *code;

    code = ngx_pnalloc(r->pool, reason->len + 1);
    if (code == NULL) {
        return NULL;
    }

    (void) ngx_cpystrn(code, reason->data, reason->len + 1);

    return (const char *) code;
}
