
/*
 * Queries are handed to libpq as they are sent: PQpipelineSync() of libpq 15
 * flushes by itself, so collecting them would save no system call, and the
 * server would only start later.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <libpq-fe.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_pq_conn.h"


/* ms; see ngx_carrierpay_pq_conn_tick_handler() */
#define NGX_CARRIERPAY_PQ_TICK  10


struct ngx_carrierpay_pq_result_s {
    PGresult  *res;
};


static void ngx_carrierpay_pq_conn_poll(ngx_carrierpay_pq_conn_t *conn);
static ngx_int_t ngx_carrierpay_pq_conn_wait(ngx_carrierpay_pq_conn_t *conn,
    ngx_uint_t writing);
static ngx_int_t ngx_carrierpay_pq_conn_prepare(
    ngx_carrierpay_pq_conn_t *conn);
static ngx_int_t ngx_carrierpay_pq_conn_flush(ngx_carrierpay_pq_conn_t *conn);

static void ngx_carrierpay_pq_conn_socket_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_conn_tick_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_conn_work(ngx_carrierpay_pq_conn_t *conn);
static ngx_int_t ngx_carrierpay_pq_conn_results(
    ngx_carrierpay_pq_conn_t *conn);
static ngx_int_t ngx_carrierpay_pq_conn_prepared(
    ngx_carrierpay_pq_conn_t *conn, PGresult *res);
static ngx_int_t ngx_carrierpay_pq_conn_not_prepared(
    ngx_carrierpay_pq_conn_t *conn, PGresult *res);
static ngx_int_t ngx_carrierpay_pq_conn_answered(
    ngx_carrierpay_pq_conn_t *conn, PGresult *res);
static ngx_int_t ngx_carrierpay_pq_conn_refused(
    ngx_carrierpay_pq_conn_t *conn, PGresult *res);

static ngx_int_t ngx_carrierpay_pq_conn_broken(
    ngx_carrierpay_pq_conn_t *conn);
static void ngx_carrierpay_pq_conn_notice(void *data, const PGresult *res);


ngx_int_t
ngx_carrierpay_pq_conn_params(ngx_carrierpay_pq_conn_conf_t *conf,
    ngx_pool_t *pool)
{
    ngx_uint_t  n, max;

    max = 1;

    for (n = 0; n < conf->nstatements; n++) {
        max = ngx_max(max, conf->statements[n].nparams);
    }

    conf->params = ngx_palloc(pool, max * sizeof(const char *));
    conf->lengths = ngx_palloc(pool, max * sizeof(int));
    conf->formats = ngx_palloc(pool, max * sizeof(int));

    if (conf->params == NULL || conf->lengths == NULL
        || conf->formats == NULL)
    {
        return NGX_ERROR;
    }

    for (n = 0; n < max; n++) {
        conf->formats[n] = 1;    /* binary */
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_conn_connect(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_carrierpay_pq_conn_conf_t  *conf;

    conf = conn->conf;

    conn->state = NGX_CARRIERPAY_PQ_CONNECTING;
    conn->nsyncs = 0;
    conn->reason[0] = '\0';

    conn->tick.handler = ngx_carrierpay_pq_conn_tick_handler;
    conn->tick.data = conn;
    conn->tick.log = ngx_cycle->log;
    conn->tick.cancelable = 1;

    /* nginx has initialized OpenSSL */

    PQinitOpenSSL(0, 0);

    conn->pg = PQconnectStartParams(conf->keywords.names,
                                    conf->keywords.values, 0);

    if (conn->pg == NULL) {
        return ngx_carrierpay_pq_conn_error(conn, "no memory");
    }

    (void) PQsetNoticeReceiver(conn->pg, ngx_carrierpay_pq_conn_notice, conn);
    (void) PQsetErrorVerbosity(conn->pg, PQERRORS_TERSE);

    if (PQstatus(conn->pg) == CONNECTION_BAD) {
        return ngx_carrierpay_pq_conn_broken(conn);
    }

    /* the first wait is for writing */

    return ngx_carrierpay_pq_conn_wait(conn, 1);
}


/*
 * libpq may close its socket and open another, and the kernel may give the
 * new one the same number: so the old one leaves epoll before, and the new
 * one enters it after.
 */

static void
ngx_carrierpay_pq_conn_poll(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_int_t                  rc;
    PostgresPollingStatusType  status;

    ngx_carrierpay_event_release(conn->c, 0);
    conn->c = NULL;

    status = PQconnectPoll(conn->pg);

    switch (status) {

    case PGRES_POLLING_READING:
    case PGRES_POLLING_WRITING:
        rc = ngx_carrierpay_pq_conn_wait(conn,
                                         status == PGRES_POLLING_WRITING);
        break;

    case PGRES_POLLING_OK:
        rc = ngx_carrierpay_pq_conn_wait(conn, 0);

        if (rc == NGX_OK) {
            rc = ngx_carrierpay_pq_conn_prepare(conn);
        }

        break;

    default: /* PGRES_POLLING_FAILED */
        rc = ngx_carrierpay_pq_conn_broken(conn);
        break;
    }

    if (rc != NGX_OK) {
        conn->conf->handlers->failed(conn);
    }
}


static ngx_int_t
ngx_carrierpay_pq_conn_wait(ngx_carrierpay_pq_conn_t *conn,
    ngx_uint_t writing)
{
    conn->c = ngx_carrierpay_event_acquire(PQsocket(conn->pg), conn,
                                        ngx_carrierpay_pq_conn_socket_handler,
                                        ngx_carrierpay_pq_conn_socket_handler,
                                        ngx_cycle->log);
    if (conn->c == NULL) {
        return ngx_carrierpay_pq_conn_error(conn, "no slot for it");
    }

    if (writing
        && (ngx_carrierpay_event_want_write(conn->c) != NGX_OK
            || ngx_carrierpay_event_drop_read(conn->c) != NGX_OK))
    {
        return ngx_carrierpay_pq_conn_error(conn, "no event for it");
    }

    return NGX_OK;
}


/*
 * Sends all statements and one question: a database that acknowledges commits
 * before they are on disk cannot keep this service's books.
 */

static ngx_int_t
ngx_carrierpay_pq_conn_prepare(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_uint_t                            n;
    const ngx_carrierpay_pq_statement_t  *st;

    conn->state = NGX_CARRIERPAY_PQ_PREPARING;
    conn->nulls = 0;
    conn->nprepared = 0;

    if (PQsetnonblocking(conn->pg, 1) == -1
        || !PQenterPipelineMode(conn->pg))
    {
        return ngx_carrierpay_pq_conn_broken(conn);
    }

    for (n = 0; n < conn->conf->nstatements; n++) {
        st = &conn->conf->statements[n];

        if (!PQsendPrepare(conn->pg, st->name, st->text, (int) st->nparams,
                           st->types))
        {
            return ngx_carrierpay_pq_conn_broken(conn);
        }
    }

    if (!PQsendQueryParams(conn->pg,
                           "select current_setting('synchronous_commit')",
                           0, NULL, NULL, NULL, NULL, 0))
    {
        return ngx_carrierpay_pq_conn_broken(conn);
    }

    return ngx_carrierpay_pq_conn_sync(conn);
}


static void
ngx_carrierpay_pq_conn_socket_handler(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_carrierpay_pq_conn_t  *conn;

    c = ev->data;
    conn = c->data;

    if (c->close || c->error) {
        (void) ngx_carrierpay_pq_conn_error(conn, "worker shutdown timeout");
        conn->conf->handlers->failed(conn);
        return;
    }

    if (conn->state == NGX_CARRIERPAY_PQ_CONNECTING) {
        ngx_carrierpay_pq_conn_poll(conn);
        return;
    }

    ngx_carrierpay_pq_conn_work(conn);
}


/*
 * Over TLS the end of a record may wait inside OpenSSL, where no poll sees
 * it.  libpq does not report it, and only its latest versions empty OpenSSL
 * by themselves.  So while an answer is awaited, the timer looks again soon.
 */

static void
ngx_carrierpay_pq_conn_tick_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_conn_work(ev->data);
}


static void
ngx_carrierpay_pq_conn_work(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    if (!PQconsumeInput(conn->pg)) {
        rc = ngx_carrierpay_pq_conn_broken(conn);
    }

    /* answers that came before the end of the connection still count */

    if (ngx_carrierpay_pq_conn_results(conn) != NGX_OK
        || rc != NGX_OK
        || ngx_carrierpay_pq_conn_flush(conn) != NGX_OK)
    {
        conn->conf->handlers->failed(conn);
        return;
    }

    if (PQsslInUse(conn->pg) && !conn->tick.timer_set && conn->nsyncs) {
        ngx_add_timer(&conn->tick, NGX_CARRIERPAY_PQ_TICK);
    }
}


static ngx_int_t
ngx_carrierpay_pq_conn_results(ngx_carrierpay_pq_conn_t *conn)
{
    PGresult   *res;
    ngx_int_t   rc;

    /* PQisBusy() parses, so it comes first: it also finds notices */

    while (!PQisBusy(conn->pg)) {

        if (conn->nsyncs == 0) {
            return NGX_OK;
        }

        res = PQgetResult(conn->pg);

        /* one NULL closes a query; a sync has none */

        if (res == NULL) {
            if (++conn->nulls > 1) {
                return ngx_carrierpay_pq_conn_error(conn,
                                                    "answers out of step");
            }

            continue;
        }

        conn->nulls = 0;

        rc = conn->state == NGX_CARRIERPAY_PQ_PREPARING
             ? ngx_carrierpay_pq_conn_prepared(conn, res)
             : ngx_carrierpay_pq_conn_answered(conn, res);

        PQclear(res);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_conn_prepared(ngx_carrierpay_pq_conn_t *conn,
    PGresult *res)
{
    switch (PQresultStatus(res)) {

    case PGRES_COMMAND_OK:
        conn->nprepared++;
        return NGX_OK;

    case PGRES_TUPLES_OK:

        if (PQgetisnull(res, 0, 0)
            || ngx_strcmp(PQgetvalue(res, 0, 0), "off") == 0)
        {
            return ngx_carrierpay_pq_conn_error(conn,
                                                "synchronous_commit is off");
        }

        return NGX_OK;

    case PGRES_PIPELINE_SYNC:

        /* from here on an error's text may hold values of parameters */

        (void) PQsetErrorVerbosity(conn->pg, PQERRORS_SQLSTATE);

        conn->nsyncs--;
        conn->state = NGX_CARRIERPAY_PQ_READY;
        conn->conf->handlers->ready(conn);
        return NGX_OK;

    default:
        return ngx_carrierpay_pq_conn_not_prepared(conn, res);
    }
}


static ngx_int_t
ngx_carrierpay_pq_conn_not_prepared(ngx_carrierpay_pq_conn_t *conn,
    PGresult *res)
{
    const char  *name, *sqlstate, *text;
    u_char       buf[NGX_CARRIERPAY_PQ_REASON];

    name = conn->nprepared < conn->conf->nstatements
           ? conn->conf->statements[conn->nprepared].name
           : "synchronous_commit";

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    (void) ngx_snprintf(buf, sizeof(buf), "statement \"%s\" refused: %s %s%Z",
                        name, sqlstate ? sqlstate : "-----",
                        text ? text : PQresultErrorMessage(res));

    buf[sizeof(buf) - 1] = '\0';

    return ngx_carrierpay_pq_conn_error(conn, (const char *) buf);
}


static ngx_int_t
ngx_carrierpay_pq_conn_answered(ngx_carrierpay_pq_conn_t *conn,
    PGresult *res)
{
    ngx_carrierpay_pq_result_t  result;

    switch (PQresultStatus(res)) {

    case PGRES_TUPLES_OK:
        result.res = res;
        conn->conf->handlers->answered(conn, &result);
        return NGX_OK;

    case PGRES_COMMAND_OK:
    case PGRES_PIPELINE_ABORTED:
        conn->conf->handlers->answered(conn, NULL);
        return NGX_OK;

    case PGRES_FATAL_ERROR:
        return ngx_carrierpay_pq_conn_refused(conn, res);

    case PGRES_PIPELINE_SYNC:
        conn->nsyncs--;
        return conn->conf->handlers->synced(conn);

    default:
        return ngx_carrierpay_pq_conn_error(conn,
                                            "unexpected kind of answer");
    }
}


/*
 * An error without an SQLSTATE is libpq's own: the connection is lost, or
 * memory is short.  The server may well have committed.
 */

static ngx_int_t
ngx_carrierpay_pq_conn_refused(ngx_carrierpay_pq_conn_t *conn, PGresult *res)
{
    const char  *sqlstate;

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);

    if (sqlstate == NULL) {
        return ngx_carrierpay_pq_conn_error(conn, PQresultErrorMessage(res));
    }

    conn->conf->handlers->refused(conn, sqlstate);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_conn_send(ngx_carrierpay_pq_conn_t *conn,
    ngx_carrierpay_pq_query_t *query)
{
    ngx_uint_t                            n;
    ngx_carrierpay_pq_conn_conf_t        *conf;
    const ngx_carrierpay_pq_statement_t  *st;

    conf = conn->conf;
    st = &conf->statements[query->statement];

    for (n = 0; n < st->nparams; n++) {
        conf->params[n] = (const char *) query->params[n].data;
        conf->lengths[n] = query->params[n].len;
    }

    if (!PQsendQueryPrepared(conn->pg, st->name, (int) st->nparams,
                             conf->params, conf->lengths, conf->formats, 1))
    {
        return ngx_carrierpay_pq_conn_broken(conn);
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_conn_sync(ngx_carrierpay_pq_conn_t *conn)
{
    if (!PQpipelineSync(conn->pg)) {
        return ngx_carrierpay_pq_conn_broken(conn);
    }

    conn->nsyncs++;

    return ngx_carrierpay_pq_conn_flush(conn);
}


/*
 * When the socket is full, libpq reads while it flushes, and no poll reports
 * what it has read.  It then has bytes left to write, so the next write event
 * takes the results.
 */

static ngx_int_t
ngx_carrierpay_pq_conn_flush(ngx_carrierpay_pq_conn_t *conn)
{
    int        left;
    ngx_int_t  rc;

    left = PQflush(conn->pg);

    if (left == -1 || PQstatus(conn->pg) == CONNECTION_BAD) {
        return ngx_carrierpay_pq_conn_broken(conn);
    }

    rc = left ? ngx_carrierpay_event_want_write(conn->c)
              : ngx_carrierpay_event_drop_write(conn->c);

    if (rc != NGX_OK) {
        return ngx_carrierpay_pq_conn_error(conn, "no event for it");
    }

    return NGX_OK;
}


void
ngx_carrierpay_pq_conn_close(ngx_carrierpay_pq_conn_t *conn)
{
    conn->state = NGX_CARRIERPAY_PQ_CLOSED;

    if (conn->tick.timer_set) {
        ngx_del_timer(&conn->tick);
    }

    /* a libpq that saw the end has closed the socket already */

    if (conn->c) {
        ngx_carrierpay_event_release(conn->c, PQsocket(conn->pg) == -1);
        conn->c = NULL;
    }

    if (conn->pg) {
        PQfinish(conn->pg);
        conn->pg = NULL;
    }
}


ngx_int_t
ngx_carrierpay_pq_conn_error(ngx_carrierpay_pq_conn_t *conn,
    const char *text)
{
    if (conn->reason[0] == '\0') {
        ngx_carrierpay_event_reason(conn->reason, NGX_CARRIERPAY_PQ_REASON,
                                    text);
    }

    return NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_pq_conn_broken(ngx_carrierpay_pq_conn_t *conn)
{
    return ngx_carrierpay_pq_conn_error(conn, PQerrorMessage(conn->pg));
}


static void
ngx_carrierpay_pq_conn_notice(void *data, const PGresult *res)
{
    ngx_uint_t                 level;
    const char                *severity, *sqlstate, *text;
    ngx_carrierpay_pq_conn_t  *conn;
    u_char                     line[NGX_CARRIERPAY_PQ_REASON];

    conn = data;

    severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    ngx_carrierpay_event_reason(line, sizeof(line), text ? text : "");

    level = severity && ngx_strcmp(severity, "NOTICE") == 0 ? NGX_LOG_INFO
                                                            : NGX_LOG_WARN;

    ngx_log_error(level, ngx_cycle->log, 0,
                  "postgres connection %ui: notice %s \"%s\"", conn->number,
                  sqlstate ? sqlstate : "", line);
}


ngx_uint_t
ngx_carrierpay_pq_rows(ngx_carrierpay_pq_result_t *res)
{
    return (ngx_uint_t) PQntuples(res->res);
}


ngx_uint_t
ngx_carrierpay_pq_null(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column)
{
    return PQgetisnull(res->res, (int) row, (int) column);
}


int64_t
ngx_carrierpay_pq_int(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column)
{
    int        len;
    u_char    *p, *last;
    uint64_t   value;

    if (PQgetisnull(res->res, (int) row, (int) column)) {
        return 0;
    }

    p = (u_char *) PQgetvalue(res->res, (int) row, (int) column);
    len = PQgetlength(res->res, (int) row, (int) column);

    if (len != 1 && len != 2 && len != 4 && len != 8) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "postgres column %ui is no integer", column);
        return 0;
    }

    value = *p & 0x80 ? UINT64_MAX : 0;

    for (last = p + len; p < last; p++) {
        value = value << 8 | *p;
    }

    return (int64_t) value;
}


void
ngx_carrierpay_pq_bytes(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column, ngx_str_t *bytes)
{
    ngx_str_null(bytes);

    if (!PQgetisnull(res->res, (int) row, (int) column)) {
        bytes->data = (u_char *) PQgetvalue(res->res, (int) row,
                                            (int) column);
        bytes->len = (size_t) PQgetlength(res->res, (int) row, (int) column);
    }
}


ngx_int_t
ngx_carrierpay_pq_copy(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column, ngx_pool_t *pool, ngx_str_t *copy)
{
    ngx_str_t  bytes;

    ngx_carrierpay_pq_bytes(res, row, column, &bytes);

    ngx_str_null(copy);

    if (bytes.data == NULL) {
        return NGX_OK;
    }

    /* a byte more, so that an empty value is not taken for a null */

    copy->data = ngx_pnalloc(pool, bytes.len + 1);
    if (copy->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(copy->data, bytes.data, bytes.len);
    copy->data[bytes.len] = '\0';
    copy->len = bytes.len;

    return NGX_OK;
}
