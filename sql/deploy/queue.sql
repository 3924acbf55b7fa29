-- Deploy carrierpay:queue to pg
-- requires: basics

-- How far a session has read a queue.
--
-- A queue is read in the order of its index, from the front.  While any
-- transaction of the cluster keeps an old snapshot open (a pg_dump, a report)
-- the entries of rows that have gone cannot be removed, and each claim would
-- step over all of them.  So a session remembers up to where nothing is left,
-- and looks from there on, in a setting of its own: a row of a table would
-- pile up versions in the same way.
--
-- Rows become visible in another order than they fall due: a transaction
-- commits later than its row says.  So each claim looks back a little, once a
-- second ten seconds, which is longer than a transaction of the service lasts,
-- and once a minute, as at a session's start, it reads from the front.  What
-- other hands make due in the past (an endpoint that is enabled again) waits
-- for that.

begin;
set local role carrierpay_owner;

-- From which instant on to look; 0: from the front.
create function carrierpay.queue_from(p_queue text, p_now bigint)
returns bigint
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    -- when it was read from the front and looked back last; up to where
    v_read bigint[] := nullif(current_setting('carrierpay.queue_' || p_queue,
                                              true), '');
begin
    return case
        when p_now between v_read[1] and v_read[1] + 60000 then
            greatest(1, v_read[3] - case
                when p_now between v_read[2] and v_read[2] + 1000 then 200
                else 10000 end)
        else 0 end;
end
$$;

-- What a claim that looked from p_from on has found: no row that is due is
-- left before p_read.  Forgotten when the transaction is rolled back.
create function carrierpay.queue_read(p_queue text, p_from bigint,
    p_now bigint, p_read bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_name text := 'carrierpay.queue_' || p_queue;
    v_read bigint[];
begin
    if p_from = 0 then
        v_read := array[p_now, p_now, p_read];
    else
        v_read := current_setting(v_name);
        v_read[2] := case when p_from <= v_read[3] - 10000 then p_now
                     else v_read[2] end;
        v_read[3] := p_read;
    end if;

    perform set_config(v_name, v_read::text, false);
end
$$;

revoke all on function carrierpay.queue_from, carrierpay.queue_read
    from public;

commit;
