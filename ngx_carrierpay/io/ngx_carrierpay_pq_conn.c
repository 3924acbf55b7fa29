
/*
 * Units are handed to libpq as they are submitted: PQpipelineSync() of libpq
 * 15 flushes by itself, so that gathering them would save no system call,
 * and the server would only start later.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <libpq-fe.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_pq_conn.h"


/* ms; see ngx_carrierpay_pq_tick() */
#define NGX_CARRIERPAY_PQ_TICK  10


struct ngx_carrierpay_pq_result_s {
    PGresult  *res;
};


static void ngx_carrierpay_pq_poll(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_wait(ngx_carrierpay_pq_lane_t *lane,
    ngx_uint_t writing);
static ngx_int_t ngx_carrierpay_pq_prepare(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_flush(ngx_carrierpay_pq_lane_t *lane);

static void ngx_carrierpay_pq_socket_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_work(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_results(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_prepared(ngx_carrierpay_pq_lane_t *lane,
    PGresult *res);
static ngx_int_t ngx_carrierpay_pq_refused(ngx_carrierpay_pq_lane_t *lane,
    PGresult *res);
static ngx_int_t ngx_carrierpay_pq_answered(ngx_carrierpay_pq_lane_t *lane,
    PGresult *res);
static ngx_int_t ngx_carrierpay_pq_error(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u, PGresult *res);

static ngx_int_t ngx_carrierpay_pq_broken(ngx_carrierpay_pq_lane_t *lane);
static void ngx_carrierpay_pq_notice(void *data, const PGresult *res);


ngx_int_t
ngx_carrierpay_pq_connect(ngx_carrierpay_pq_lane_t *lane)
{
    /* nginx has made OpenSSL ready */

    PQinitOpenSSL(0, 0);

    lane->conn = PQconnectStartParams(lane->pq->keys, lane->pq->values, 0);

    if (lane->conn == NULL) {
        return ngx_carrierpay_pq_lane_blame(lane, "no memory");
    }

    (void) PQsetNoticeReceiver(lane->conn, ngx_carrierpay_pq_notice, lane);
    (void) PQsetErrorVerbosity(lane->conn, PQERRORS_TERSE);

    if (PQstatus(lane->conn) == CONNECTION_BAD) {
        return ngx_carrierpay_pq_broken(lane);
    }

    /* the first wait is for writing */

    return ngx_carrierpay_pq_wait(lane, 1);
}


/*
 * libpq may close its socket and open another, and the kernel may give it the
 * same number: so the old one leaves epoll before, the new one enters after.
 */

static void
ngx_carrierpay_pq_poll(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_int_t                  rc;
    PostgresPollingStatusType  status;

    ngx_carrierpay_event_release(lane->c, 0);
    lane->c = NULL;

    status = PQconnectPoll(lane->conn);

    switch (status) {

    case PGRES_POLLING_READING:
    case PGRES_POLLING_WRITING:
        rc = ngx_carrierpay_pq_wait(lane, status == PGRES_POLLING_WRITING);
        break;

    case PGRES_POLLING_OK:
        rc = ngx_carrierpay_pq_wait(lane, 0);

        if (rc == NGX_OK) {
            ngx_carrierpay_pq_lane_state(lane, NGX_CARRIERPAY_PQ_PREPARING);
            rc = ngx_carrierpay_pq_prepare(lane);
        }

        break;

    default: /* PGRES_POLLING_FAILED */
        rc = ngx_carrierpay_pq_broken(lane);
        break;
    }

    if (rc != NGX_OK) {
        ngx_carrierpay_pq_lane_fail(lane);
    }
}


static ngx_int_t
ngx_carrierpay_pq_wait(ngx_carrierpay_pq_lane_t *lane, ngx_uint_t writing)
{
    lane->c = ngx_carrierpay_event_acquire(PQsocket(lane->conn), lane,
                                           ngx_carrierpay_pq_socket_handler,
                                           ngx_carrierpay_pq_socket_handler,
                                           ngx_cycle->log);
    if (lane->c == NULL) {
        return ngx_carrierpay_pq_lane_blame(lane, "no slot for it");
    }

    if (writing
        && (ngx_carrierpay_event_want_write(lane->c) != NGX_OK
            || ngx_carrierpay_event_drop_read(lane->c) != NGX_OK))
    {
        return ngx_carrierpay_pq_lane_blame(lane, "no event for it");
    }

    return NGX_OK;
}


/*
 * All statements and one question: a database that acknowledges commits
 * before they are on disk cannot keep this service's books.
 */

static ngx_int_t
ngx_carrierpay_pq_prepare(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_uint_t                            n;
    const ngx_carrierpay_pq_statement_t  *st;

    lane->nulls = 0;
    lane->nprepared = 0;

    if (PQsetnonblocking(lane->conn, 1) == -1
        || !PQenterPipelineMode(lane->conn))
    {
        return ngx_carrierpay_pq_broken(lane);
    }

    for (n = 0; n < lane->pq->nstatements; n++) {
        st = &lane->pq->statements[n];

        if (!PQsendPrepare(lane->conn, st->name, st->text, (int) st->nparams,
                           st->types))
        {
            return ngx_carrierpay_pq_broken(lane);
        }
    }

    if (!PQsendQueryParams(lane->conn,
                           "select current_setting('synchronous_commit')",
                           0, NULL, NULL, NULL, NULL, 0)
        || !PQpipelineSync(lane->conn))
    {
        return ngx_carrierpay_pq_broken(lane);
    }

    return ngx_carrierpay_pq_flush(lane);
}


static void
ngx_carrierpay_pq_socket_handler(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_carrierpay_pq_lane_t  *lane;

    c = ev->data;
    lane = c->data;

    if (c->close || c->error) {
        (void) ngx_carrierpay_pq_lane_blame(lane, "worker shutdown timeout");
        ngx_carrierpay_pq_lane_fail(lane);
        return;
    }

    if (lane->state == NGX_CARRIERPAY_PQ_CONNECTING) {
        ngx_carrierpay_pq_poll(lane);
        return;
    }

    ngx_carrierpay_pq_work(lane);
}


/*
 * Over TLS the end of a record may wait inside OpenSSL, where no poll sees
 * it; libpq does not tell, and only its latest versions empty OpenSSL by
 * themselves.  So while an answer is awaited, look again soon.
 */

void
ngx_carrierpay_pq_tick(ngx_event_t *ev)
{
    ngx_carrierpay_pq_work(ev->data);
}


static void
ngx_carrierpay_pq_work(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    if (!PQconsumeInput(lane->conn)) {
        rc = ngx_carrierpay_pq_broken(lane);
    }

    /* answers that came before the end of the connection still count */

    if (ngx_carrierpay_pq_results(lane) != NGX_OK
        || rc != NGX_OK
        || ngx_carrierpay_pq_flush(lane) != NGX_OK)
    {
        ngx_carrierpay_pq_lane_fail(lane);
        return;
    }

    if (PQsslInUse(lane->conn)
        && !lane->tick.timer_set
        && (lane->nunits || lane->state == NGX_CARRIERPAY_PQ_PREPARING))
    {
        ngx_add_timer(&lane->tick, NGX_CARRIERPAY_PQ_TICK);
    }
}


static ngx_int_t
ngx_carrierpay_pq_results(ngx_carrierpay_pq_lane_t *lane)
{
    PGresult   *res;
    ngx_int_t   rc;

    /* PQisBusy() parses, so it comes first: it also finds notices */

    while (!PQisBusy(lane->conn)) {

        if (lane->nunits == 0 && lane->state == NGX_CARRIERPAY_PQ_READY) {
            return NGX_OK;
        }

        res = PQgetResult(lane->conn);

        /* one NULL closes a query; a sync has none */

        if (res == NULL) {
            if (++lane->nulls > 1) {
                return ngx_carrierpay_pq_lane_blame(lane,
                                                    "answers out of step");
            }

            continue;
        }

        lane->nulls = 0;

        rc = lane->state == NGX_CARRIERPAY_PQ_PREPARING
             ? ngx_carrierpay_pq_prepared(lane, res)
             : ngx_carrierpay_pq_answered(lane, res);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_prepared(ngx_carrierpay_pq_lane_t *lane, PGresult *res)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    switch (PQresultStatus(res)) {

    case PGRES_COMMAND_OK:
        lane->nprepared++;
        break;

    case PGRES_TUPLES_OK:

        if (PQgetisnull(res, 0, 0)
            || ngx_strcmp(PQgetvalue(res, 0, 0), "off") == 0)
        {
            rc = ngx_carrierpay_pq_lane_blame(lane,
                                              "synchronous_commit is off");
        }

        break;

    case PGRES_PIPELINE_SYNC:

        /* from here on an error's text may hold what a unit held */

        (void) PQsetErrorVerbosity(lane->conn, PQERRORS_SQLSTATE);

        ngx_carrierpay_pq_lane_state(lane, NGX_CARRIERPAY_PQ_READY);
        break;

    default:
        rc = ngx_carrierpay_pq_refused(lane, res);
        break;
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_carrierpay_pq_refused(ngx_carrierpay_pq_lane_t *lane, PGresult *res)
{
    const char  *name, *sqlstate, *text;
    u_char       buf[NGX_CARRIERPAY_PQ_REASON];

    name = lane->nprepared < lane->pq->nstatements
           ? lane->pq->statements[lane->nprepared].name
           : "synchronous_commit";

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    (void) ngx_snprintf(buf, sizeof(buf), "statement \"%s\" refused: %s %s%Z",
                        name, sqlstate ? sqlstate : "-----",
                        text ? text : PQresultErrorMessage(res));

    buf[sizeof(buf) - 1] = '\0';

    return ngx_carrierpay_pq_lane_blame(lane, (const char *) buf);
}


/* May end the lane's first unit, which then is its owner's again. */

static ngx_int_t
ngx_carrierpay_pq_answered(ngx_carrierpay_pq_lane_t *lane, PGresult *res)
{
    ngx_int_t                         rc;
    ngx_carrierpay_pq_result_t        result;
    ngx_carrierpay_pq_transaction_t  *u;

    u = ngx_carrierpay_pq_lane_first(lane);
    rc = NGX_OK;

    switch (PQresultStatus(res)) {

    case PGRES_TUPLES_OK:

        if (u->result && u->answered < u->nqueries) {
            result.res = res;
            u->result(u, u->answered, &result);
        }

        u->answered++;
        break;

    case PGRES_COMMAND_OK:
    case PGRES_PIPELINE_ABORTED:
        u->answered++;
        break;

    case PGRES_FATAL_ERROR:
        rc = ngx_carrierpay_pq_error(lane, u, res);
        break;

    case PGRES_PIPELINE_SYNC:
        PQclear(res);

        if (u->answered < u->nqueries) {
            return ngx_carrierpay_pq_lane_blame(lane, "answers missing");
        }

        ngx_carrierpay_pq_lane_done(lane, u);
        return NGX_OK;

    default:
        rc = ngx_carrierpay_pq_lane_blame(lane, "unexpected kind of answer");
        break;
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_carrierpay_pq_error(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u, PGresult *res)
{
    const char  *sqlstate;

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);

    /*
     * Without an SQLSTATE it is libpq that speaks: connection lost, memory
     * short.  The server may well have committed.
     */

    if (sqlstate == NULL) {
        return ngx_carrierpay_pq_lane_blame(lane, PQresultErrorMessage(res));
    }

    ngx_log_debug3(NGX_LOG_DEBUG_CORE, ngx_cycle->log, 0,
                   "postgres connection %ui: query %ui failed with %s",
                   lane->number, u->answered, sqlstate);

    if (u->outcome == NGX_CARRIERPAY_PQ_DONE) {
        u->outcome = NGX_CARRIERPAY_PQ_FAILED;
        (void) ngx_cpystrn(u->sqlstate, (u_char *) sqlstate,
                           sizeof(u->sqlstate));
    }

    u->answered++;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_send(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u)
{
    ngx_uint_t                            i, n;
    ngx_carrierpay_pq_t                  *pq;
    ngx_carrierpay_pq_query_t            *q;
    const ngx_carrierpay_pq_statement_t  *st;

    pq = lane->pq;

    for (i = 0; i < u->nqueries; i++) {
        q = &u->queries[i];
        st = &pq->statements[q->statement];

        for (n = 0; n < st->nparams; n++) {
            pq->params[n] = (const char *) q->params[n].data;
            pq->lengths[n] = q->params[n].len;
        }

        if (!PQsendQueryPrepared(lane->conn, st->name, (int) st->nparams,
                                 pq->params, pq->lengths, pq->formats, 1))
        {
            return ngx_carrierpay_pq_broken(lane);
        }
    }

    if (!PQpipelineSync(lane->conn)) {
        return ngx_carrierpay_pq_broken(lane);
    }

    return ngx_carrierpay_pq_flush(lane);
}


/*
 * When the socket is full, libpq reads while it flushes, and no poll tells
 * of what it has read.  It then has bytes left to write, so the next write
 * event takes the results.
 */

static ngx_int_t
ngx_carrierpay_pq_flush(ngx_carrierpay_pq_lane_t *lane)
{
    int        left;
    ngx_int_t  rc;

    left = PQflush(lane->conn);

    if (left == -1 || PQstatus(lane->conn) == CONNECTION_BAD) {
        return ngx_carrierpay_pq_broken(lane);
    }

    rc = left ? ngx_carrierpay_event_want_write(lane->c)
              : ngx_carrierpay_event_drop_write(lane->c);

    if (rc != NGX_OK) {
        return ngx_carrierpay_pq_lane_blame(lane, "no event for it");
    }

    return NGX_OK;
}


/* Leaves nothing of the connection; its units are not touched. */

void
ngx_carrierpay_pq_disconnect(ngx_carrierpay_pq_lane_t *lane)
{
    if (lane->tick.timer_set) {
        ngx_del_timer(&lane->tick);
    }

    /* a libpq that saw the end has closed the socket already */

    if (lane->c) {
        ngx_carrierpay_event_release(lane->c, PQsocket(lane->conn) == -1);
        lane->c = NULL;
    }

    if (lane->conn) {
        PQfinish(lane->conn);
        lane->conn = NULL;
    }
}


static ngx_int_t
ngx_carrierpay_pq_broken(ngx_carrierpay_pq_lane_t *lane)
{
    return ngx_carrierpay_pq_lane_blame(lane, PQerrorMessage(lane->conn));
}


static void
ngx_carrierpay_pq_notice(void *data, const PGresult *res)
{
    ngx_uint_t                 level;
    const char                *severity, *sqlstate, *text;
    ngx_carrierpay_pq_lane_t  *lane;
    u_char                     line[NGX_CARRIERPAY_PQ_REASON];

    lane = data;

    severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    ngx_carrierpay_event_reason(line, sizeof(line), text ? text : "");

    level = severity && ngx_strcmp(severity, "NOTICE") == 0 ? NGX_LOG_INFO
                                                            : NGX_LOG_WARN;

    ngx_log_error(level, ngx_cycle->log, 0,
                  "postgres connection %ui: notice %s \"%s\"", lane->number,
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
