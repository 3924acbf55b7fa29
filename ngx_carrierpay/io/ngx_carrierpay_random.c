
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_random.h"
#include "ngx_carrierpay_token.h"


#define NGX_CARRIERPAY_RANDOM_DRAW  1024


/* What is left belongs to the process that has drawn it: others draw anew. */

static struct {
    u_char      bytes[NGX_CARRIERPAY_RANDOM_DRAW];
    size_t      left;
    ngx_pid_t   pid;
} ngx_carrierpay_random_drawn;


ngx_int_t
ngx_carrierpay_random_bytes(u_char *out, size_t len)
{
    u_char  *drawn;
    size_t   n, *left;

    left = &ngx_carrierpay_random_drawn.left;

    if (ngx_carrierpay_random_drawn.pid != ngx_pid) {
        ngx_carrierpay_random_drawn.pid = ngx_pid;
        *left = 0;
    }

    while (len) {

        drawn = ngx_carrierpay_random_drawn.bytes;

        if (*left == 0) {
            if (ngx_carrierpay_random(drawn, NGX_CARRIERPAY_RANDOM_DRAW)
                != NGX_OK)
            {
                return NGX_ERROR;
            }

            *left = NGX_CARRIERPAY_RANDOM_DRAW;
        }

        n = ngx_min(len, *left);
        *left -= n;
        drawn += *left;

        out = ngx_cpymem(out, drawn, n);
        ngx_explicit_memzero(drawn, n);
        len -= n;
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_random_token(u_char *p)
{
    u_char  bytes[NGX_CARRIERPAY_TOKEN_BYTES];

    if (ngx_carrierpay_random_bytes(bytes, sizeof(bytes)) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_carrierpay_token_write(p, bytes);

    return NGX_OK;
}
