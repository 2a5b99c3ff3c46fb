-- A made-up past can only be played into an empty store: facts that bring the time of their recording are taken between these two calls.
-- Answers up to when is played, which is what the first call said; null where it may not begin.
create or replace function crm.begin_play(until timestamptz) returns timestamptz language plpgsql volatile as $$
declare
    lane crm.lane%rowtype;
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    select l.* into strict lane from crm.lane l;
    if lane.play_until is null and lane.position = 0 and until <= clock_timestamp() then
        update crm.lane l set play_until = until returning l.* into lane;
    end if;
    return lane.play_until;
end
$$;

-- For good: a store that holds something is never opened again.
create or replace function crm.end_play() returns void language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    update crm.lane set play_until = null where play_until is not null;
end
$$;
