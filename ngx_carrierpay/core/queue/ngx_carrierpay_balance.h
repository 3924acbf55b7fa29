
/*
 * What stands on the accounts of the ledger is counted behind the payments:
 * a round of the first worker goes on with it (sql/deploy/balance.sql).  The
 * moment that the sums are as of is a gauge; when it stays behind, some
 * transaction of the database does not end, or no worker counts.
 */


#ifndef _NGX_CARRIERPAY_BALANCE_H_INCLUDED_
#define _NGX_CARRIERPAY_BALANCE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_statement.h"


#define NGX_CARRIERPAY_BALANCE_PERIOD  2000     /* ms */


extern ngx_carrierpay_statement_t  ngx_carrierpay_balance_statement;


#endif /* _NGX_CARRIERPAY_BALANCE_H_INCLUDED_ */
