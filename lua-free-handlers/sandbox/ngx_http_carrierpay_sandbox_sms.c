
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_time.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_sandbox_script.h"
#include "ngx_http_carrierpay_sandbox_sms.h"


#define NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MODE  0600


/* the last four digits of a number */

#define NGX_HTTP_CARRIERPAY_SANDBOX_SMS_REFUSED  21
#define NGX_HTTP_CARRIERPAY_SANDBOX_SMS_LATER    22
#define NGX_HTTP_CARRIERPAY_SANDBOX_SMS_SILENT   23


/* the body of a message */

typedef struct {
    ngx_str_t    to;
    ngx_str_t    from;
    ngx_str_t    text;
    ngx_str_t    id;
    ngx_str_t    report;
} ngx_http_carrierpay_sandbox_message_t;


static const char *ngx_http_carrierpay_sandbox_sms_number(ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_sandbox_sms_keep(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_sms_t *sms,
    ngx_http_carrierpay_sandbox_message_t *message, ngx_str_t *reference);


#define ngx_http_carrierpay_sandbox_message(field)                            \
    offsetof(ngx_http_carrierpay_sandbox_message_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_sandbox_messages[] = {

    { ngx_string("to"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      NGX_CARRIERPAY_MSISDN_MIN, NGX_CARRIERPAY_MSISDN_MAX + 1,
      ngx_http_carrierpay_sandbox_message(to), "invalid_parameter",
      ngx_http_carrierpay_sandbox_sms_number },

    { ngx_string("from"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      0, 15,
      ngx_http_carrierpay_sandbox_message(from), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("text"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      0, 4096,
      ngx_http_carrierpay_sandbox_message(text), "invalid_parameter", NULL },

    { ngx_string("id"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      0, 255,
      ngx_http_carrierpay_sandbox_message(id), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("report"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      0, 2048,
      ngx_http_carrierpay_sandbox_message(report), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_sandbox_sms(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_sms_t *sms, ngx_str_t *body)
{
    u_char                                  id[sizeof("sbx-") + 16 + 8];
    u_char                                  answer[sizeof("{\"id\":\"\"}")
                                                   + sizeof(id)];
    ngx_int_t                               rc, digits;
    ngx_str_t                               reference, json;
    ngx_http_carrierpay_problem_t           problem;
    ngx_http_carrierpay_sandbox_message_t   message;

    ngx_memzero(&message, sizeof(ngx_http_carrierpay_sandbox_message_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                       ngx_http_carrierpay_sandbox_messages,
                                       &message, &problem);
    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    digits = ngx_http_carrierpay_sandbox_digits(&message.to);

    if (digits == NGX_HTTP_CARRIERPAY_SANDBOX_SMS_REFUSED) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_BAD_REQUEST,
                                               "invalid_number", "No phone"
                                               " has this number");
    }

    if (digits == NGX_HTTP_CARRIERPAY_SANDBOX_SMS_LATER) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                               "service_unavailable",
                                               "Not now");
    }

    reference.data = id;
    reference.len = ngx_sprintf(id, "sbx-%016xL%08xD", ngx_carrierpay_now(),
                                (uint32_t) ngx_random())
                    - id;

    if (ngx_http_carrierpay_sandbox_sms_keep(r, sms, &message, &reference)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (digits == NGX_HTTP_CARRIERPAY_SANDBOX_SMS_SILENT) {
        return NGX_HTTP_CLOSE;
    }

    json.data = answer;
    json.len = ngx_sprintf(answer, "{\"id\":\"%V\"}", &reference) - answer;

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_ACCEPTED, &json);
}


static const char *
ngx_http_carrierpay_sandbox_sms_number(ngx_str_t *value)
{
    size_t  i;

    for (i = (value->data[0] == '+'); i < value->len; i++) {
        if (value->data[i] < '0' || value->data[i] > '9') {
            return "must be a number with its country code";
        }
    }

    return NULL;
}


/* A line is one write, so that lines of several workers do not mix. */

static ngx_int_t
ngx_http_carrierpay_sandbox_sms_keep(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_sms_t *sms,
    ngx_http_carrierpay_sandbox_message_t *message, ngx_str_t *reference)
{
    u_char      *p, *line;
    size_t       len;
    ngx_uint_t   i;

    ngx_str_t  *values[] = { &message->id, &message->to, &message->from,
                             &message->text, &message->report, reference };

    static const char  *names[] = { "id", "to", "from", "text", "report",
                                    "reference" };

    /* after a rotation the master has made the file, with a mode of its own */

    if (sms->fd != sms->file->fd) {
        (void) fchmod(sms->file->fd, NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MODE);
        sms->fd = sms->file->fd;
    }

    if (message->to.data[0] == '+') {
        message->to.data++;
        message->to.len--;
    }

    len = sizeof("{\"at\":}\n") + NGX_CARRIERPAY_TEXT_INT_LEN;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        len += sizeof(",\"\":\"\"") + ngx_strlen(names[i])
               + ngx_carrierpay_text_json_size(values[i]->data,
                                               values[i]->len);
    }

    line = ngx_pnalloc(r->pool, len);
    if (line == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(line, "{\"at\":%L", ngx_carrierpay_now());

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        p = ngx_sprintf(p, ",\"%s\":\"", names[i]);
        p = ngx_carrierpay_text_json(p, values[i]->data, values[i]->len);
        *p++ = '"';
    }

    *p++ = '}';
    *p++ = '\n';

    if (ngx_write_fd(sms->file->fd, line, p - line) != p - line) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, ngx_errno,
                      ngx_write_fd_n " \"%V\" failed", &sms->file->name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


char *
ngx_http_carrierpay_sandbox_sms_file(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_sms_t *sms, ngx_str_t *value)
{
    ngx_fd_t   fd;
    ngx_str_t  name;

    if (ngx_strncmp(value->data, "file=", 5) != 0 || value->len == 5) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           value);
        return NGX_CONF_ERROR;
    }

    name.data = value->data + 5;
    name.len = value->len - 5;

    if (ngx_conf_full_name(cf->cycle, &name, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    /* nginx itself would make a file that all users can read */

    fd = ngx_open_file(name.data, NGX_FILE_APPEND, NGX_FILE_CREATE_OR_OPEN,
                       NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MODE);

    if (fd == NGX_INVALID_FILE
        || fchmod(fd, NGX_HTTP_CARRIERPAY_SANDBOX_SMS_MODE) == -1)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "cannot make the file \"%V\"", &name);

        if (fd != NGX_INVALID_FILE) {
            (void) ngx_close_file(fd);
        }

        return NGX_CONF_ERROR;
    }

    (void) ngx_close_file(fd);

    sms->fd = NGX_INVALID_FILE;
    sms->file = ngx_conf_open_file(cf->cycle, &name);

    return sms->file ? NGX_CONF_OK : NGX_CONF_ERROR;
}
