
#include <ngx_config.h>
#include <ngx_core.h>
#include <nginx.h>
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_metrics.h"


/* more than a line has beside the family and the labels */
#define NGX_HTTP_CARRIERPAY_METRICS_LINE  64

/* more than HELP and TYPE have beside the family and the help */
#define NGX_HTTP_CARRIERPAY_METRICS_HEAD  32

/* the lines of a histogram: the buckets, +Inf, the sum, the count */
#define NGX_HTTP_CARRIERPAY_METRICS_LINES                                     \
    (NGX_CARRIERPAY_HISTOGRAM_BUCKETS + 3)


#if (NGX_CARRIERPAY_CRASH_POINTS)
#define NGX_HTTP_CARRIERPAY_METRICS_BUILD  "debug"
#else
#define NGX_HTTP_CARRIERPAY_METRICS_BUILD  "release"
#endif


typedef enum {
    NGX_HTTP_CARRIERPAY_METRIC_COUNTER = 0,
    NGX_HTTP_CARRIERPAY_METRIC_GAUGE,
    NGX_HTTP_CARRIERPAY_METRIC_HISTOGRAM
} ngx_http_carrierpay_metric_e;


typedef struct {
    ngx_http_carrierpay_metric_e         type;
    ngx_uint_t                           stat;
    ngx_str_t                            family;
    ngx_str_t                            labels;    /* or empty */
    ngx_str_t                            help;      /* of the family, on its
                                                       first row */
} ngx_http_carrierpay_metric_t;


/* The metrics of the sets that have a label. */

typedef struct {
    const char                          *label;     /* "": of the service */
    ngx_uint_t                           n;         /* numbers of a set */
    const ngx_http_carrierpay_metric_t  *metrics;
    ngx_uint_t                           nmetrics;
} ngx_http_carrierpay_metrics_table_t;


static size_t ngx_http_carrierpay_metrics_size(
    const ngx_http_carrierpay_metrics_table_t *table, ngx_array_t *sets);
static u_char *ngx_http_carrierpay_metrics_table(u_char *p, u_char *last,
    const ngx_http_carrierpay_metrics_table_t *table, ngx_array_t *sets);
static ngx_uint_t ngx_http_carrierpay_metrics_in(
    const ngx_http_carrierpay_metrics_table_t *table,
    ngx_carrierpay_counters_set_t *set);
static u_char *ngx_http_carrierpay_metrics_number(u_char *p, u_char *last,
    const ngx_http_carrierpay_metric_t *m, ngx_carrierpay_counters_set_t *set);
static u_char *ngx_http_carrierpay_metrics_histogram(u_char *p, u_char *last,
    const ngx_http_carrierpay_metric_t *m, ngx_carrierpay_counters_set_t *set);
static u_char *ngx_http_carrierpay_metrics_labels(u_char *p, u_char *last,
    const ngx_http_carrierpay_metric_t *m, ngx_carrierpay_counters_set_t *set,
    ngx_str_t *bound);
static u_char *ngx_http_carrierpay_metrics_seconds(u_char *p, u_char *last,
    ngx_atomic_uint_t ms);


#define ngx_http_carrierpay_metric(type, name, family, labels, help)          \
    { NGX_HTTP_CARRIERPAY_METRIC_##type, NGX_CARRIERPAY_STAT_##name,          \
      ngx_string(family), ngx_string(labels), ngx_string(help) },

#define counter(name, family, labels, help)                                   \
    ngx_http_carrierpay_metric(COUNTER, name, family, labels, help)

#define gauge(name, family, labels, help)                                     \
    ngx_http_carrierpay_metric(GAUGE, name, family, labels, help)

#define histogram(name, family, labels, help)                                 \
    ngx_http_carrierpay_metric(HISTOGRAM, name, family, labels, help)


/* The same lists as those of the enums: no metric is missing here. */

static const ngx_http_carrierpay_metric_t
    ngx_http_carrierpay_metrics_service[] =
{
    NGX_CARRIERPAY_CORE_METRICS(counter, gauge, histogram)
    NGX_CARRIERPAY_IO_METRICS(counter, gauge, histogram)
    NGX_HTTP_CARRIERPAY_METRICS(counter, gauge, histogram)
};

static const ngx_http_carrierpay_metric_t
    ngx_http_carrierpay_metrics_operator[] =
{
    NGX_CARRIERPAY_OPERATOR_METRICS(counter, gauge, histogram)
};

static const ngx_http_carrierpay_metric_t
    ngx_http_carrierpay_metrics_provider[] =
{
    NGX_CARRIERPAY_PROVIDER_METRICS(counter, gauge, histogram)
};

static const ngx_http_carrierpay_metric_t
    ngx_http_carrierpay_metrics_route[] =
{
    NGX_HTTP_CARRIERPAY_ROUTE_METRICS(counter, gauge, histogram)
};

static const ngx_http_carrierpay_metric_t
    ngx_http_carrierpay_metrics_worker[] =
{
    NGX_CARRIERPAY_WORKER_METRICS(counter, gauge, histogram)
};


#define ngx_http_carrierpay_metrics(label, n, rows)                           \
    { label, n, rows, sizeof(rows) / sizeof(ngx_http_carrierpay_metric_t) }

static const ngx_http_carrierpay_metrics_table_t
    ngx_http_carrierpay_metrics_tables[] =
{
    ngx_http_carrierpay_metrics("", NGX_CARRIERPAY_STAT_MAX,
                                ngx_http_carrierpay_metrics_service),
    ngx_http_carrierpay_metrics(NGX_CARRIERPAY_LABEL_OPERATOR,
                                NGX_CARRIERPAY_STAT_OPERATOR_MAX,
                                ngx_http_carrierpay_metrics_operator),
    ngx_http_carrierpay_metrics(NGX_CARRIERPAY_LABEL_PROVIDER,
                                NGX_CARRIERPAY_STAT_PROVIDER_MAX,
                                ngx_http_carrierpay_metrics_provider),
    ngx_http_carrierpay_metrics(NGX_HTTP_CARRIERPAY_LABEL_ROUTE,
                                NGX_CARRIERPAY_STAT_ROUTE_MAX,
                                ngx_http_carrierpay_metrics_route),
    ngx_http_carrierpay_metrics(NGX_CARRIERPAY_LABEL_WORKER,
                                NGX_CARRIERPAY_STAT_WORKER_MAX,
                                ngx_http_carrierpay_metrics_worker),
    { NULL, 0, NULL, 0 }
};


static const ngx_str_t  ngx_http_carrierpay_metrics_build = ngx_string(
    "# HELP carrierpay_build_info What runs here.\n"
    "# TYPE carrierpay_build_info gauge\n"
    "carrierpay_build_info{version=\"" NGX_CARRIERPAY_VERSION "\","
    "nginx=\"" NGINX_VERSION "\","
    "build=\"" NGX_HTTP_CARRIERPAY_METRICS_BUILD "\"} 1\n");


static const char  *ngx_http_carrierpay_metrics_types[] = {
    [NGX_HTTP_CARRIERPAY_METRIC_COUNTER] = "counter",
    [NGX_HTTP_CARRIERPAY_METRIC_GAUGE] = "gauge",
    [NGX_HTTP_CARRIERPAY_METRIC_HISTOGRAM] = "histogram"
};


/*
 * Another worker may add a set at any time, so the sets are gathered first,
 * and the room is that of those.
 */

ngx_int_t
ngx_http_carrierpay_metrics_print(ngx_pool_t *pool, ngx_str_t *text)
{
    size_t                                      len;
    u_char                                     *p, *last;
    ngx_array_t                                 sets;
    ngx_carrierpay_counters_set_t              *set, **place;
    const ngx_http_carrierpay_metrics_table_t  *table;

    if (ngx_array_init(&sets, pool, 32,
                       sizeof(ngx_carrierpay_counters_set_t *))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (set = ngx_carrierpay_counters; set; set = set->next) {
        place = ngx_array_push(&sets);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = set;
    }

    table = ngx_http_carrierpay_metrics_tables;
    len = ngx_http_carrierpay_metrics_build.len;

    for ( /* void */ ; table->label; table++) {
        len += ngx_http_carrierpay_metrics_size(table, &sets);
    }

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    text->data = p;
    last = p + len;

    p = ngx_cpymem(p, ngx_http_carrierpay_metrics_build.data,
                   ngx_http_carrierpay_metrics_build.len);

    for (table = ngx_http_carrierpay_metrics_tables; table->label; table++) {
        p = ngx_http_carrierpay_metrics_table(p, last, table, &sets);
    }

    text->len = p - text->data;

    return NGX_OK;
}


static size_t
ngx_http_carrierpay_metrics_size(
    const ngx_http_carrierpay_metrics_table_t *table, ngx_array_t *sets)
{
    size_t                                size, line;
    ngx_uint_t                            i, k;
    const ngx_http_carrierpay_metric_t   *m;
    ngx_carrierpay_counters_set_t       **set;

    size = 0;
    set = sets->elts;

    for (i = 0; i < table->nmetrics; i++) {
        m = &table->metrics[i];

        size += NGX_HTTP_CARRIERPAY_METRICS_HEAD + 2 * m->family.len
                + m->help.len;

        for (k = 0; k < sets->nelts; k++) {

            line = NGX_HTTP_CARRIERPAY_METRICS_LINE + m->family.len
                   + m->labels.len + set[k]->label.len + set[k]->value.len;

            size += (m->type == NGX_HTTP_CARRIERPAY_METRIC_HISTOGRAM)
                    ? NGX_HTTP_CARRIERPAY_METRICS_LINES * line : line;
        }
    }

    return size;
}


static u_char *
ngx_http_carrierpay_metrics_table(u_char *p, u_char *last,
    const ngx_http_carrierpay_metrics_table_t *table, ngx_array_t *sets)
{
    ngx_uint_t                            i, k;
    const ngx_http_carrierpay_metric_t   *m;
    ngx_carrierpay_counters_set_t       **set;

    set = sets->elts;

    for (i = 0; i < table->nmetrics; i++) {
        m = &table->metrics[i];

        if (m->help.len) {
            p = ngx_slprintf(p, last, "# HELP %V %V\n# TYPE %V %s\n",
                             &m->family, &m->help, &m->family,
                             ngx_http_carrierpay_metrics_types[m->type]);
        }

        for (k = 0; k < sets->nelts; k++) {

            if (!ngx_http_carrierpay_metrics_in(table, set[k])) {
                continue;
            }

            p = (m->type == NGX_HTTP_CARRIERPAY_METRIC_HISTOGRAM)
                ? ngx_http_carrierpay_metrics_histogram(p, last, m, set[k])
                : ngx_http_carrierpay_metrics_number(p, last, m, set[k]);
        }
    }

    return p;
}


/* Workers that a reload has left out are not shown any more. */

static ngx_uint_t
ngx_http_carrierpay_metrics_in(
    const ngx_http_carrierpay_metrics_table_t *table,
    ngx_carrierpay_counters_set_t *set)
{
    ngx_core_conf_t  *ccf;

    if (set->n != table->n || set->label.len != ngx_strlen(table->label)
        || ngx_memcmp(set->label.data, table->label, set->label.len) != 0)
    {
        return 0;
    }

    if (table->metrics != ngx_http_carrierpay_metrics_worker) {
        return 1;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(ngx_cycle->conf_ctx,
                                           ngx_core_module);

    return ngx_atoi(set->value.data, set->value.len) < ccf->worker_processes;
}


static u_char *
ngx_http_carrierpay_metrics_number(u_char *p, u_char *last,
    const ngx_http_carrierpay_metric_t *m, ngx_carrierpay_counters_set_t *set)
{
    p = ngx_slprintf(p, last, "%V", &m->family);
    p = ngx_http_carrierpay_metrics_labels(p, last, m, set, NULL);

    return ngx_slprintf(p, last, " %uA\n", set->numbers[m->stat]);
}


/* In memory a bucket is what fell into it; here it is all up to its bound. */

static u_char *
ngx_http_carrierpay_metrics_histogram(u_char *p, u_char *last,
    const ngx_http_carrierpay_metric_t *m, ngx_carrierpay_counters_set_t *set)
{
    u_char              text[NGX_ATOMIC_T_LEN + sizeof(".000") - 1];
    ngx_str_t           bound;
    ngx_uint_t          i;
    ngx_atomic_t       *numbers;
    ngx_atomic_uint_t   sum, count;

    numbers = &set->numbers[m->stat];
    sum = numbers[NGX_CARRIERPAY_HISTOGRAM_SUM];
    count = 0;

    for (i = 0; i <= NGX_CARRIERPAY_HISTOGRAM_BUCKETS; i++) {
        count += numbers[i];

        if (i < NGX_CARRIERPAY_HISTOGRAM_BUCKETS) {
            bound.data = text;
            bound.len = ngx_http_carrierpay_metrics_seconds(text,
                                          text + sizeof(text),
                                          ngx_carrierpay_histogram_bounds[i])
                        - text;

        } else {
            ngx_str_set(&bound, "+Inf");
        }

        p = ngx_slprintf(p, last, "%V_bucket", &m->family);
        p = ngx_http_carrierpay_metrics_labels(p, last, m, set, &bound);
        p = ngx_slprintf(p, last, " %uA\n", count);
    }

    p = ngx_slprintf(p, last, "%V_sum", &m->family);
    p = ngx_http_carrierpay_metrics_labels(p, last, m, set, NULL);
    p = ngx_slprintf(p, last, " ");
    p = ngx_http_carrierpay_metrics_seconds(p, last, sum);

    p = ngx_slprintf(p, last, "\n%V_count", &m->family);
    p = ngx_http_carrierpay_metrics_labels(p, last, m, set, NULL);

    return ngx_slprintf(p, last, " %uA\n", count);
}


/*
 * No value needs an escape: it is a name of the configuration (letters, digits
 * and underscores), a route or a number.
 */

static u_char *
ngx_http_carrierpay_metrics_labels(u_char *p, u_char *last,
    const ngx_http_carrierpay_metric_t *m, ngx_carrierpay_counters_set_t *set,
    ngx_str_t *bound)
{
    const char  *before;

    before = "{";

    if (set->label.len) {
        p = ngx_slprintf(p, last, "{%V=\"%V\"", &set->label, &set->value);
        before = ",";
    }

    if (m->labels.len) {
        p = ngx_slprintf(p, last, "%s%V", before, &m->labels);
        before = ",";
    }

    if (bound) {
        p = ngx_slprintf(p, last, "%sle=\"%V\"", before, bound);
        before = ",";
    }

    return (*before == ',') ? ngx_slprintf(p, last, "}") : p;
}


/* As Prometheus writes a number: without zeros at its end. */

static u_char *
ngx_http_carrierpay_metrics_seconds(u_char *p, u_char *last,
    ngx_atomic_uint_t ms)
{
    if (ms % 1000 == 0) {
        return ngx_slprintf(p, last, "%uA", ms / 1000);
    }

    p = ngx_slprintf(p, last, "%uA.%03uA", ms / 1000, ms % 1000);

    while (p[-1] == '0') {
        p--;
    }

    return p;
}
