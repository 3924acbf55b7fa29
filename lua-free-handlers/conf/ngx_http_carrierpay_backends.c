
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_http_carrierpay_backends.h"
#include "ngx_http_carrierpay_module.h"


static const char *ngx_http_carrierpay_postgres_parameter(ngx_conf_t *cf,
    void *data, ngx_str_t *name, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_redis_address(
    ngx_carrierpay_redis_conf_t *redis, ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_is_address(ngx_str_t *text);


char *
ngx_http_carrierpay_postgres(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_carrierpay_pq_conf_t  *pq;

    pq = &cmcf->conf.postgres;

    if (pq->connections) {
        return "is duplicate";
    }

    pq->connections = 2;
    pq->port = 5432;
    pq->timeout = 5000;
    pq->queue_max = 1024;
    ngx_str_set(&pq->user, "carrierpay");
    ngx_str_set(&pq->dbname, "carrierpay");

    if (ngx_http_carrierpay_parameters(cf,
                                       ngx_http_carrierpay_postgres_parameter,
                                       pq)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (pq->host.len == 0) {
        return "needs \"host=\"";
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_carrierpay_parameters(ngx_conf_t *cf,
    ngx_http_carrierpay_parameter_pt handler, void *data)
{
    u_char      *eq;
    ngx_str_t   *value, name, text;
    ngx_uint_t   i;
    const char  *err;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        eq = (u_char *) ngx_strchr(value[i].data, '=');

        if (eq == NULL) {
            err = "is not \"name=value\"";

        } else {
            name.data = value[i].data;
            name.len = eq - value[i].data;
            text.data = eq + 1;
            text.len = value[i].data + value[i].len - text.data;

            err = handler(cf, data, &name, &text);
        }

        if (err) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "parameter \"%V\" %s",
                               &value[i], err);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Returns what is wrong, or NULL. */

static const char *
ngx_http_carrierpay_postgres_parameter(ngx_conf_t *cf, void *data,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_carrierpay_pq_conf_t *pq = data;

    ngx_int_t   n;
    ngx_uint_t  i;

    struct {
        ngx_str_t    name;
        ngx_str_t   *text;
        ngx_uint_t  *number;
    } parameters[] = {
        { ngx_string("host"),         &pq->host,         NULL },
        { ngx_string("dbname"),       &pq->dbname,       NULL },
        { ngx_string("user"),         &pq->user,         NULL },
        { ngx_string("sslmode"),      &pq->sslmode,      NULL },
        { ngx_string("sslrootcert"),  &pq->sslrootcert,  NULL },
        { ngx_string("port"),         NULL,  &pq->port },
        { ngx_string("connections"),  NULL,  &pq->connections },
        { ngx_string("queue"),        NULL,  &pq->queue_max },
        { ngx_string("timeout"),      NULL,  &pq->timeout },
    };

    if (value->len == 0) {
        return "is empty";
    }

    if (name->len == sizeof("password_file") - 1
        && ngx_strncmp(name->data, "password_file", name->len) == 0)
    {
        return ngx_http_carrierpay_password(cf, value, &pq->password);
    }

    for (i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        if (name->len == parameters[i].name.len
            && ngx_strncmp(name->data, parameters[i].name.data, name->len)
               == 0)
        {
            break;
        }
    }

    if (i == sizeof(parameters) / sizeof(parameters[0])) {
        return "is unknown";
    }

    if (parameters[i].text == &pq->host
        && value->data[0] != '/'
        && ngx_http_carrierpay_is_address(value) != NGX_OK)
    {
        return "is neither a socket directory nor an IP address";
    }

    if (parameters[i].text) {
        *parameters[i].text = *value;
        return NULL;
    }

    n = (parameters[i].number == &pq->timeout) ? ngx_parse_time(value, 0)
                                               : ngx_atoi(value->data,
                                                          value->len);
    if (n == NGX_ERROR || n == 0) {
        return "has an invalid value";
    }

    *parameters[i].number = n;

    return NULL;
}


const char *
ngx_http_carrierpay_password(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *password)
{
    u_char     text[256];
    size_t     len;
    ssize_t    n;
    ngx_fd_t   fd;

    if (ngx_conf_full_name(cf->cycle, file, 1) != NGX_OK) {
        return "cannot be read";
    }

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        return "cannot be opened";
    }

    n = ngx_read_fd(fd, text, sizeof(text));

    (void) ngx_close_file(fd);

    if (n <= 0 || n == sizeof(text)) {
        return "cannot be read, is empty or too long";
    }

    for (len = 0; len < (size_t) n && text[len] != LF && text[len] != CR;
         len++)
    {
        /* void */
    }

    password->len = len;
    password->data = ngx_pnalloc(cf->pool, len + 1);

    if (password->data == NULL) {
        return "cannot be kept";
    }

    (void) ngx_cpystrn(password->data, text, len + 1);
    ngx_explicit_memzero(text, sizeof(text));

    return NULL;
}


char *
ngx_http_carrierpay_redis(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    ngx_str_t                    *value, text;
    ngx_int_t                     n;
    ngx_carrierpay_redis_conf_t  *redis;

    redis = &cmcf->conf.redis;

    if (redis->timeout) {
        return "is duplicate";
    }

    redis->timeout = 500;
    redis->queue_max = 4096;

    value = cf->args->elts;

    if (ngx_http_carrierpay_redis_address(redis, &value[1]) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is neither unix:path nor address:port",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    text.data = value[2].data + sizeof("timeout=") - 1;
    text.len = value[2].len - (sizeof("timeout=") - 1);

    if (ngx_strncmp(value[2].data, "timeout=", sizeof("timeout=") - 1) != 0
        || (n = ngx_parse_time(&text, 0)) == NGX_ERROR || n == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           &value[2]);
        return NGX_CONF_ERROR;
    }

    redis->timeout = n;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_redis_address(ngx_carrierpay_redis_conf_t *redis,
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
        || ngx_http_carrierpay_is_address(&redis->address) != NGX_OK)
    {
        return NGX_ERROR;
    }

    redis->port = port;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_is_address(ngx_str_t *text)
{
    ngx_carrierpay_addr_t  addr;

    return ngx_carrierpay_addr_parse(text, &addr);
}
