
/*
 * The tables that grow with the payments are partitioned by time: a round of
 * the first worker makes partitions for the weeks ahead, and drops those that
 * are kept no longer (sql/deploy/partition.sql).  For how many days there are
 * partitions is a gauge; below a week it is an [alert] line, too, for without
 * them nothing can be recorded, and nothing is charged.
 */


#ifndef _NGX_CARRIERPAY_PARTITION_H_INCLUDED_
#define _NGX_CARRIERPAY_PARTITION_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_statement.h"


#define NGX_CARRIERPAY_PARTITION_PERIOD  3600000     /* ms */


extern ngx_carrierpay_statement_t  ngx_carrierpay_partition_statement;


#endif /* _NGX_CARRIERPAY_PARTITION_H_INCLUDED_ */
