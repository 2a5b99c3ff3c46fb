-- The last position stamped before a moment; 0 when there is none. Stamps rise with positions, so it is found by halving,
-- and Marten's table needs no index of ours.
create or replace function crm.position_at(moment timestamptz) returns bigint language plpgsql stable as $$
declare
    low bigint := 0;
    high bigint := (select position from crm.lane);
    middle bigint;
    found_id bigint;
    found_stamp timestamptz;
    answer bigint := 0;
begin
    while low < high loop
        middle := low + (high - low) / 2;
        select seq_id, timestamp into found_id, found_stamp from public.mt_events
        where seq_id > middle and seq_id <= high order by seq_id limit 1;
        if found_id is not null and found_stamp < moment then
            answer := found_id;
            low := found_id;
        else
            high := middle;
        end if;
    end loop;
    return answer;
end
$$;

-- The same for a moment past the last stamp: whoever holds the lane may still commit an older stamp, so wait for it once.
create or replace function crm.position_at_after_lane(moment timestamptz) returns bigint language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    return crm.position_at(moment);
end
$$;
