-- Revert carrierpay:partition from pg

begin;

-- the tables go with their partitions
drop function carrierpay.partition_tend, carrierpay.partition_drop,
    carrierpay.partition_ahead, carrierpay.partition_extend,
    carrierpay.partition_make;
drop view carrierpay.partition;
drop function carrierpay.partition_time, carrierpay.partition_key;
drop table carrierpay.partitioned;

commit;
