
/*
 * How to reach the database: the settings of carrierpay_postgres, and the
 * form in which libpq takes them.
 */


#ifndef _NGX_CARRIERPAY_PQ_CONF_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* The most keywords that are set, and the NULL that ends them. */
#define NGX_CARRIERPAY_PQ_KEYWORDS  16


typedef struct {
    ngx_str_t        host;       /* a socket's directory or an IP address */
    ngx_uint_t       port;
    ngx_str_t        dbname;
    ngx_str_t        user;
    ngx_str_t        password;   /* read from a file; empty: none */
    ngx_str_t        sslmode;    /* empty: libpq's default */
    ngx_str_t        sslrootcert;
    ngx_uint_t       connections;
    ngx_msec_t       timeout;    /* ms; of connecting, and of an answer */
    ngx_uint_t       queue_max;  /* transactions in flight on a connection */
} ngx_carrierpay_pq_conf_t;


/* The arguments of PQconnectStartParams(): pairs, ended by a NULL. */

typedef struct {
    const char      *names[NGX_CARRIERPAY_PQ_KEYWORDS];
    const char      *values[NGX_CARRIERPAY_PQ_KEYWORDS];
    ngx_uint_t       n;
} ngx_carrierpay_pq_keywords_t;


/*
 * Fills the keywords, which must be zeroed, from the settings; the values lie
 * in memory of the pool.  NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_pq_conf_keywords(ngx_carrierpay_pq_conf_t *conf,
    ngx_carrierpay_pq_keywords_t *keywords, ngx_pool_t *pool);


#endif /* _NGX_CARRIERPAY_PQ_CONF_H_INCLUDED_ */
