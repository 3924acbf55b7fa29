
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_base64.h"


static ngx_int_t ngx_carrierpay_guess_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_guess_counted(ngx_carrierpay_ask_t *ask);
static void ngx_carrierpay_guess_compared(ngx_carrierpay_redis_command_t *cmd);


ngx_uint_t
ngx_carrierpay_guess_valid(const ngx_str_t *pin)
{
    size_t  i;

    if (pin->len != NGX_CARRIERPAY_PIN_LEN) {
        return 0;
    }

    for (i = 0; i < pin->len; i++) {
        if (pin->data[i] < '0' || pin->data[i] > '9') {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_carrierpay_guess_count(ngx_carrierpay_guess_t *guess)
{
    ngx_str_t              index;
    ngx_carrierpay_ask_t  *ask;

    ask = &guess->ask;

    ngx_memzero(ask, sizeof(ngx_carrierpay_ask_t));

    ask->flow = guess->flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_PIN_TRY;
    ask->row = ngx_carrierpay_guess_row;
    ask->handler = ngx_carrierpay_guess_counted;

    if (!ngx_carrierpay_ledger_ready(guess->flow->core->ledger)) {
        return NGX_ERROR;
    }

    guess->try_id = ngx_carrierpay_ledger_id(guess->flow->core->ledger);

    index.data = guess->index;
    index.len = guess->index ? NGX_CARRIERPAY_SHA256_LEN : 0;

    ngx_carrierpay_ask_text(ask, 3, &index);

    if (ngx_carrierpay_ask_int8(ask, 0, guess->payment_id) != NGX_OK
        || ngx_carrierpay_ask_int8(ask, 4, guess->try_id) != NGX_OK
        || (guess->merchant
            && (ngx_carrierpay_ask_int4(ask, 1, guess->merchant->id) != NGX_OK
                || ngx_carrierpay_ask_bool(ask, 2, guess->merchant->live)
                   != NGX_OK)))
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_ask(ask);
}


static ngx_int_t
ngx_carrierpay_guess_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_pool_t              *pool;
    ngx_carrierpay_guess_t  *guess;

    guess = ngx_queue_data(ask, ngx_carrierpay_guess_t, ask);
    pool = ask->flow->pool;

    guess->pin_id = ngx_carrierpay_pq_int(res, 0, 1);
    guess->left = ngx_carrierpay_pq_int(res, 0, 2);
    guess->amount = ngx_carrierpay_pq_int(res, 0, 6);
    guess->looked_up = ngx_carrierpay_pq_int(res, 0, 8);

    if (ngx_carrierpay_pq_copy(res, 0, 0, pool, &guess->result) != NGX_OK
        || ngx_carrierpay_pq_copy(res, 0, 3, pool, &guess->operator) != NGX_OK
        || ngx_carrierpay_pq_copy(res, 0, 4, pool, &guess->mvno) != NGX_OK
        || ngx_carrierpay_pq_copy(res, 0, 5, pool, &guess->sealed) != NGX_OK
        || ngx_carrierpay_pq_copy(res, 0, 7, pool, &guess->currency)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_carrierpay_guess_counted(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_guess_t  *guess;

    guess = ngx_queue_data(ask, ngx_carrierpay_guess_t, ask);
    flow = guess->flow;

    guess->rc = (ask->rc == NGX_OK) ? NGX_DECLINED : NGX_ERROR;

    if (ask->rc == NGX_OK
        && guess->result.len == 2
        && ngx_memcmp(guess->result.data, "go", 2) == 0)
    {
        guess->rc = ngx_carrierpay_keyring_open(&flow->core->conf->keyring,
                                                flow->pool,
                                                &ngx_carrierpay_aad_msisdn,
                                                &guess->sealed,
                                                &guess->end_user);
    }

    guess->handler(guess);
}


ngx_int_t
ngx_carrierpay_guess_compare(ngx_carrierpay_guess_t *guess)
{
    u_char     name[NGX_CARRIERPAY_PIN_NAME_LEN];
    ngx_str_t  argv[2];

    ngx_carrierpay_guess_name(guess, name);

    ngx_str_set(&argv[0], "GETDEL");
    argv[1].data = name;
    argv[1].len = sizeof(name);

    guess->command.handler = ngx_carrierpay_guess_compared;
    guess->command.data = guess;

    return ngx_carrierpay_redis_send(guess->flow->core->redis,
                                     &guess->command, 2, argv)
           == NGX_OK ? NGX_AGAIN : NGX_ERROR;
}


static void
ngx_carrierpay_guess_compared(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_guess_t  *guess;

    guess = cmd->data;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_STRING:
        guess->rc = NGX_OK;
        break;

    case NGX_CARRIERPAY_REDIS_NIL:
        guess->rc = NGX_DECLINED;
        break;

    default: /* refused or lost: the PIN may be used up */
        guess->rc = NGX_ERROR;
        break;
    }

    guess->handler(guess);
}


void
ngx_carrierpay_guess_name(ngx_carrierpay_guess_t *guess, u_char *name)
{
    u_char                     mac[NGX_CARRIERPAY_SHA256_LEN];
    u_char                     fixed[sizeof("pin::::::")
                                     + 3 * NGX_INT64_LEN];
    ngx_str_t                  pieces[5];
    const ngx_str_t           *key;
    ngx_carrierpay_keyring_t  *ring;

    ring = &guess->flow->core->conf->keyring;
    key = ngx_carrierpay_keyring_key(ring, NGX_CARRIERPAY_KEY_SESSION);

    pieces[0].data = fixed;
    pieces[0].len = ngx_sprintf(fixed, "pin:%L:%L:%L:", guess->payment_id,
                                guess->pin_id, guess->amount)
                    - fixed;
    pieces[1] = guess->currency;
    pieces[2] = guess->end_user;
    ngx_str_set(&pieces[3], ":");
    pieces[4] = guess->pin;

    ngx_carrierpay_hmac_sha256_pieces(mac, key, pieces, 5);

    name = ngx_cpymem(name, "cp:pin:", sizeof("cp:pin:") - 1);
    (void) ngx_carrierpay_base64url_encode(name, mac, sizeof(mac));
}
