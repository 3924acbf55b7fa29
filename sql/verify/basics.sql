-- Verify carrierpay:basics on pg

begin;

-- within a second of the clock
select 1 / (abs(carrierpay.now_ms()
                - extract(epoch from clock_timestamp()) * 1000) < 1000)::int;
select 1 / (abs(carrierpay.now_ms() - carrierpay.post_ms()) < 1000)::int;
select 1 / (carrierpay.id_time(carrierpay.id_first(1764460800000))
            = 1764460800000)::int;
select 1 / (carrierpay.id_period(
                carrierpay.id_first(1735689600000 + 2592000000)) = 1)::int;
select 1 / (carrierpay.jitter_ms(10) between 9000 and 11000)::int;

select 1 / (carrierpay.retry_ms(9) between 19440000 and 23760000)::int;

rollback;
