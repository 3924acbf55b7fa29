
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_http_carrierpay_backends.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_parameter.h"
#include "ngx_http_carrierpay_password.h"


typedef struct {
    ngx_carrierpay_pq_conf_t  pq;
    ngx_uint_t                cell;
    ngx_uint_t                lines;
} ngx_http_carrierpay_backends_cell_t;


static const char *ngx_http_carrierpay_backends_host(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_backends_password(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_backends_cell(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static const char *ngx_http_carrierpay_backends_lines(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field);
static ngx_int_t ngx_http_carrierpay_backends_address(
    ngx_carrierpay_redis_conf_t *redis, ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_backends_is_ip(ngx_str_t *text);


#define ngx_http_carrierpay_backends_text(name)                               \
    { ngx_string(#name), ngx_http_carrierpay_parameter_text,                  \
      offsetof(ngx_http_carrierpay_backends_cell_t, pq.name), 0 }

#define ngx_http_carrierpay_backends_number(name, field)                      \
    { ngx_string(name), ngx_http_carrierpay_parameter_number,                 \
      offsetof(ngx_http_carrierpay_backends_cell_t, pq.field),                \
      NGX_MAX_INT_T_VALUE }

static const ngx_http_carrierpay_parameter_t
    ngx_http_carrierpay_backends_postgres_parameters[] =
{
    { ngx_string("host"), ngx_http_carrierpay_backends_host,
      offsetof(ngx_http_carrierpay_backends_cell_t, pq.host), 0 },

    { ngx_string("password_file"), ngx_http_carrierpay_backends_password,
      offsetof(ngx_http_carrierpay_backends_cell_t, pq.password), 0 },

    { ngx_string("timeout"), ngx_http_carrierpay_parameter_msec,
      offsetof(ngx_http_carrierpay_backends_cell_t, pq.timeout),
      NGX_MAX_INT_T_VALUE },

    { ngx_string("cell"), ngx_http_carrierpay_backends_cell,
      offsetof(ngx_http_carrierpay_backends_cell_t, cell), 0 },

    { ngx_string("lines"), ngx_http_carrierpay_backends_lines,
      offsetof(ngx_http_carrierpay_backends_cell_t, lines), 0 },

    ngx_http_carrierpay_backends_text(dbname),
    ngx_http_carrierpay_backends_text(user),
    ngx_http_carrierpay_backends_text(sslmode),
    ngx_http_carrierpay_backends_text(sslrootcert),

    ngx_http_carrierpay_backends_number("port", port),
    ngx_http_carrierpay_backends_number("connections", connections),
    ngx_http_carrierpay_backends_number("queue", queue_max),

    { ngx_null_string, NULL, 0, 0 }
};


static const ngx_http_carrierpay_parameter_t
    ngx_http_carrierpay_backends_redis_parameters[] =
{
    { ngx_string("timeout"), ngx_http_carrierpay_parameter_msec,
      offsetof(ngx_carrierpay_redis_conf_t, timeout), NGX_MAX_INT_T_VALUE },

    { ngx_null_string, NULL, 0, 0 }
};


char *
ngx_http_carrierpay_backends_postgres(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_carrierpay_pq_conf_t             *pq;
    ngx_http_carrierpay_backends_cell_t  *cell;

    cell = ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_backends_cell_t));
    if (cell == NULL) {
        return NGX_CONF_ERROR;
    }

    pq = &cell->pq;
    cell->lines = 1;

    pq->connections = 2;
    pq->port = 5432;
    pq->timeout = 5000;
    pq->queue_max = 1024;
    ngx_str_set(&pq->user, "carrierpay");
    ngx_str_set(&pq->dbname, "carrierpay");

    if (ngx_http_carrierpay_parameter_read(cf,
                             ngx_http_carrierpay_backends_postgres_parameters,
                             cell)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (pq->host.len == 0) {
        return "needs \"host=\"";
    }

    if (cmcf->conf.cells[cell->cell]) {
        return "stands twice for this cell: give each its \"cell=\"";
    }

    if (cmcf->conf.ncells++ == 0) {
        cmcf->conf.postgres_file = cf->conf_file->file.name.data;
        cmcf->conf.postgres_line = cf->conf_file->line;
    }

    cmcf->conf.cells[cell->cell] = pq;
    cmcf->lines[cell->cell] = cell->lines;

    return NGX_CONF_OK;
}


static const char *
ngx_http_carrierpay_backends_host(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    if (value->data[0] != '/'
        && ngx_http_carrierpay_backends_is_ip(value) != NGX_OK)
    {
        return "is neither a socket directory nor an IP address";
    }

    *(ngx_str_t *) field = *value;

    return NULL;
}


static const char *
ngx_http_carrierpay_backends_password(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    return ngx_http_carrierpay_password(cf, value, field);
}


static const char *
ngx_http_carrierpay_backends_cell(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR || n >= NGX_CARRIERPAY_ID_CELLS) {
        return "has an invalid value";
    }

    *(ngx_uint_t *) field = n;

    return NULL;
}


static const char *
ngx_http_carrierpay_backends_lines(ngx_conf_t *cf,
    const ngx_http_carrierpay_parameter_t *parameter, ngx_str_t *value,
    void *field)
{
    ngx_uint_t  *lines = field;

    if (value->len == 2 && ngx_strncmp(value->data, "on", 2) == 0) {
        *lines = 1;

    } else if (value->len == 3 && ngx_strncmp(value->data, "off", 3) == 0) {
        *lines = 0;

    } else {
        return "is neither \"on\" nor \"off\"";
    }

    return NULL;
}


/* carrierpay_redis unix:/run/redis.sock|127.0.0.1:6379 [timeout=500ms]; */

char *
ngx_http_carrierpay_backends_redis(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_str_t                    *value;
    ngx_carrierpay_redis_conf_t  *redis;

    redis = &cmcf->conf.redis;

    if (redis->timeout) {
        return "is duplicate";
    }

    redis->timeout = 500;
    redis->queue_max = 4096;

    value = cf->args->elts;

    if (ngx_http_carrierpay_backends_address(redis, &value[1]) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is neither unix:path nor address:port",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    if (ngx_http_carrierpay_parameter_read_rest(cf,
                                ngx_http_carrierpay_backends_redis_parameters,
                                redis)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_backends_address(ngx_carrierpay_redis_conf_t *redis,
    ngx_str_t *text)
{
    u_char     *colon;
    ngx_int_t   port;

    if (text->len > 5 && ngx_strncmp(text->data, "unix:", 5) == 0) {
        redis->path.data = text->data + 5;
        redis->path.len = text->len - 5;
        return NGX_OK;
    }

    colon = ngx_strlchr(text->data, text->data + text->len, ':');

    if (colon == NULL) {
        return NGX_ERROR;
    }

    redis->address.data = text->data;
    redis->address.len = colon - text->data;

    port = ngx_atoi(colon + 1, text->data + text->len - colon - 1);

    if (port < 1 || port > 65535
        || ngx_http_carrierpay_backends_is_ip(&redis->address) != NGX_OK)
    {
        return NGX_ERROR;
    }

    redis->port = port;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_backends_is_ip(ngx_str_t *text)
{
    ngx_carrierpay_addr_t  addr;

    return ngx_carrierpay_addr_parse(text, &addr);
}
