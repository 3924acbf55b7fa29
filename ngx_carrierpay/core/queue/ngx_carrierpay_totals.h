
/*
 * How many of the limits of all lines together, with a merchant, at an
 * operator or in a country, have been reached to 80 %, and how many wholly, as
 * gauges of the service: a round of the first worker (sql/deploy/total.sql).
 */


#ifndef _NGX_CARRIERPAY_TOTALS_H_INCLUDED_
#define _NGX_CARRIERPAY_TOTALS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_statement.h"


#define NGX_CARRIERPAY_TOTALS_PERIOD  15000     /* ms */


extern ngx_carrierpay_statement_t  ngx_carrierpay_totals_statement;


#endif /* _NGX_CARRIERPAY_TOTALS_H_INCLUDED_ */
