
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_sandbox_log.h"


/* bytes of the log that are read at a time */
#define NGX_HTTP_CARRIERPAY_SANDBOX_LOG_CHUNK  65536

#define NGX_HTTP_CARRIERPAY_SANDBOX_LOG_LINE_MAX                              \
    (2 * NGX_INT64_LEN + 2 * NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX        \
     + sizeof("  duplicate  EUR declined_by_subscriber\n"))


static void ngx_http_carrierpay_sandbox_log_lines(ngx_file_t *file,
    off_t from, u_char *buf, ngx_http_carrierpay_sandbox_log_pt handler,
    void *data);
static ngx_int_t ngx_http_carrierpay_sandbox_log_parse(u_char *p,
    u_char *last, ngx_http_carrierpay_sandbox_charge_t *charge);


ngx_int_t
ngx_http_carrierpay_sandbox_log_write(ngx_fd_t fd,
    ngx_http_carrierpay_sandbox_charge_t *charge, ngx_uint_t duplicate)
{
    u_char       line[NGX_HTTP_CARRIERPAY_SANDBOX_LOG_LINE_MAX], *p, *last;
    ngx_str_t    currency;
    ngx_time_t  *tp;
    const char  *event, *code;

    tp = ngx_timeofday();
    last = line + sizeof(line);
    event = duplicate ? "duplicate"
            : charge->decline ? "declined"
            : ngx_http_carrierpay_sandbox_event_name(charge->event);

    currency.data = charge->currency;
    currency.len = sizeof(charge->currency);

    p = ngx_slprintf(line, last, "%T%03M %s %V %L %V", tp->sec, tp->msec,
                     event, &charge->reference, charge->amount, &currency);

    if (charge->decline && !duplicate) {
        code = ngx_http_carrierpay_sandbox_decline_name(charge->decline);
        p = ngx_slprintf(p, last, " %s", code);

    } else if (charge->event == NGX_HTTP_CARRIERPAY_SANDBOX_REFUND
               && !duplicate)
    {
        p = ngx_slprintf(p, last, " %V", &charge->charge);
    }

    *p++ = LF;

    return (ngx_write_fd(fd, line, p - line) == p - line)
           ? NGX_OK : NGX_ERROR;
}


void
ngx_http_carrierpay_sandbox_log_read(ngx_str_t *name, off_t limit,
    ngx_http_carrierpay_sandbox_log_pt handler, void *data, ngx_log_t *log)
{
    off_t            from;
    u_char          *buf;
    ngx_file_t       file;
    ngx_file_info_t  fi;

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.name = *name;
    file.log = log;
    file.fd = ngx_open_file(file.name.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (file.fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_WARN, log, ngx_errno,
                      ngx_open_file_n " \"%V\" failed, earlier sandbox"
                      " charges are not known", &file.name);
        return;
    }

    buf = ngx_alloc(NGX_HTTP_CARRIERPAY_SANDBOX_LOG_CHUNK, log);

    if (buf && ngx_fd_info(file.fd, &fi) != NGX_FILE_ERROR) {
        from = ngx_max(ngx_file_size(&fi) - limit, 0);
        ngx_http_carrierpay_sandbox_log_lines(&file, from, buf, handler, data);
    }

    if (buf) {
        ngx_free(buf);
    }

    if (ngx_close_file(file.fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", &file.name);
    }
}


static void
ngx_http_carrierpay_sandbox_log_lines(ngx_file_t *file, off_t from,
    u_char *buf, ngx_http_carrierpay_sandbox_log_pt handler, void *data)
{
    u_char                                *p, *last, *end;
    ssize_t                                n;
    ngx_uint_t                             skip;
    ngx_http_carrierpay_sandbox_charge_t   charge;

    /* the first line may lack its beginning */

    skip = (from > 0);

    for ( ;; ) {
        n = ngx_read_file(file, buf, NGX_HTTP_CARRIERPAY_SANDBOX_LOG_CHUNK,
                          from);

        if (n <= 0) {
            return;
        }

        last = buf + n;

        for (p = buf; /* void */ ; p = end + 1) {

            end = ngx_strlchr(p, last, LF);

            if (end == NULL) {
                break;
            }

            if (!skip
                && ngx_http_carrierpay_sandbox_log_parse(p, end, &charge)
                   == NGX_OK)
            {
                handler(data, &charge);
            }

            skip = 0;
        }

        /* no line is longer than a chunk, so this is the end of the log */

        if (p == buf) {
            return;
        }

        from += p - buf;
    }
}


/* NGX_DECLINED: the line is not of a new charge. */

static ngx_int_t
ngx_http_carrierpay_sandbox_log_parse(u_char *p, u_char *last,
    ngx_http_carrierpay_sandbox_charge_t *charge)
{
    u_char      *space;
    ngx_str_t    field[6];
    ngx_uint_t   n;

    for (n = 0; n < 6 && p < last; n++) {
        space = ngx_strlchr(p, last, ' ');

        field[n].data = p;
        field[n].len = (space ? space : last) - p;

        p += field[n].len + 1;
    }

    ngx_memzero(charge, sizeof(ngx_http_carrierpay_sandbox_charge_t));

    if (n < 5) {
        return NGX_DECLINED;
    }

    charge->event = ngx_http_carrierpay_sandbox_event_parse(&field[1]);

    if (n == 6 && charge->event == NGX_HTTP_CARRIERPAY_SANDBOX_REFUND) {
        charge->charge = field[5];

    } else if (n == 6) {
        charge->decline = ngx_http_carrierpay_sandbox_decline_parse(&field[5]);
        charge->event = charge->decline ? NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE
                                        : NGX_HTTP_CARRIERPAY_SANDBOX_EVENTS;
    }

    if (charge->event == NGX_HTTP_CARRIERPAY_SANDBOX_EVENTS
        || field[2].len > NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX
        || field[4].len != sizeof(charge->currency)
        || ngx_carrierpay_text_int_parse(&field[3], &charge->amount) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    charge->reference = field[2];
    ngx_memcpy(charge->currency, field[4].data, sizeof(charge->currency));

    return NGX_OK;
}
