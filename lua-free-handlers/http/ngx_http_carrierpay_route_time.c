
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_route_time.h"


/* The sets of a table's routes, in the order of the table. */

typedef struct ngx_http_carrierpay_route_table_s
    ngx_http_carrierpay_route_table_t;

struct ngx_http_carrierpay_route_table_s {
    ngx_http_carrierpay_route_table_t  *next;
    ngx_http_carrierpay_route_t        *routes;
    ngx_uint_t                          n;
    ngx_carrierpay_counters_set_t     **sets;
};


typedef struct {
    ngx_http_request_t                 *request;
    ngx_carrierpay_counters_set_t      *set;
} ngx_http_carrierpay_route_timer_t;


static ngx_carrierpay_counters_set_t *ngx_http_carrierpay_route_set(
    ngx_http_carrierpay_route_t *route);
static void ngx_http_carrierpay_route_ended(void *data);


/* of this process; the cycle is the one that it serves until it ends */

static ngx_http_carrierpay_route_table_t  *ngx_http_carrierpay_route_tables;


ngx_int_t
ngx_http_carrierpay_route_time_table(ngx_cycle_t *cycle,
    ngx_http_carrierpay_route_t *routes)
{
    ngx_str_t                           name;
    ngx_uint_t                          i;
    ngx_http_carrierpay_route_table_t  *table;

    table = ngx_pcalloc(cycle->pool,
                        sizeof(ngx_http_carrierpay_route_table_t));
    if (table == NULL) {
        return NGX_ERROR;
    }

    table->routes = routes;

    while (routes[table->n].path.len) {
        table->n++;
    }

    table->sets = ngx_pcalloc(cycle->pool,
                          table->n * sizeof(ngx_carrierpay_counters_set_t *));
    if (table->sets == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < table->n; i++) {

        name.len = sizeof("POST ") - 1 + routes[i].path.len;
        name.data = ngx_pnalloc(cycle->pool, name.len);

        if (name.data == NULL) {
            return NGX_ERROR;
        }

        name.len = ngx_sprintf(name.data, "%s %V",
                               routes[i].method == NGX_HTTP_GET ? "GET"
                                                                : "POST",
                               &routes[i].path)
                   - name.data;

        table->sets[i] = ngx_carrierpay_counters_set(
                                              NGX_HTTP_CARRIERPAY_LABEL_ROUTE,
                                              &name,
                                              NGX_CARRIERPAY_STAT_ROUTE_MAX);
    }

    table->next = ngx_http_carrierpay_route_tables;
    ngx_http_carrierpay_route_tables = table;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_route_time(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *route)
{
    ngx_http_cleanup_t                 *cln;
    ngx_carrierpay_counters_set_t      *set;
    ngx_http_carrierpay_route_timer_t  *timer;

    set = ngx_http_carrierpay_route_set(route);

    if (set == NULL) {
        return NGX_OK;
    }

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_carrierpay_route_timer_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    timer = cln->data;
    timer->request = r;
    timer->set = set;

    cln->handler = ngx_http_carrierpay_route_ended;

    return NGX_OK;
}


static ngx_carrierpay_counters_set_t *
ngx_http_carrierpay_route_set(ngx_http_carrierpay_route_t *route)
{
    ngx_http_carrierpay_route_table_t  *table;

    for (table = ngx_http_carrierpay_route_tables; table; table = table->next)
    {
        if (route >= table->routes && route < table->routes + table->n) {
            return table->sets[route - table->routes];
        }
    }

    return NULL;
}


/* By the clock of $request_time, which a change of the time may set back. */

static void
ngx_http_carrierpay_route_ended(void *data)
{
    ngx_http_carrierpay_route_timer_t *timer = data;

    ngx_time_t          *tp;
    ngx_msec_int_t       ms;
    ngx_http_request_t  *r;

    r = timer->request;
    tp = ngx_timeofday();

    ms = (ngx_msec_int_t) ((tp->sec - r->start_sec) * 1000
                           + (ngx_msec_int_t) (tp->msec - r->start_msec));

    ngx_carrierpay_observe_in(timer->set, NGX_CARRIERPAY_STAT_ROUTE_SECONDS,
                              ngx_max(ms, 0));
}
