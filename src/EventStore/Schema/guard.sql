-- Writers other than crm.append (a Marten host, a repair by hand) pass here. First, before a statement computes its rows: they wait for the
-- lane, so that a number that the statement itself draws is never late, and nobody holds a stream while waiting for the lane.
create or replace function crm.enter_lane() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    return null;
end
$$;

create or replace trigger crm_enter_lane before insert on public.mt_events
    for each statement when (current_setting('crm.lane_held', true) is distinct from 'yes')
    execute function crm.enter_lane();

create or replace trigger crm_enter_lane before insert or update on public.mt_streams
    for each statement when (current_setting('crm.lane_held', true) is distinct from 'yes')
    execute function crm.enter_lane();

-- Then row by row: a number that was drawn before, and lies at or below the lane's last position, would slip under readers who have been
-- there, so it is refused as a serialization failure, which writers retry.
create or replace function crm.guard_lane() returns trigger language plpgsql as $$
declare
    last crm.lane%rowtype;
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    select * into strict last from crm.lane;
    if new.seq_id <= last.position then
        raise exception 'event % comes after position % was read: append again', new.seq_id, last.position using errcode = '40001';
    end if;
    new.timestamp := greatest(crm.clock(), last.stamp + interval '1 microsecond');
    new.is_archived := coalesce(new.is_archived, false);
    update crm.lane set position = new.seq_id, stamp = new.timestamp, play_until = null;
    return new;
end
$$;

create or replace trigger crm_guard_lane before insert on public.mt_events
    for each row when (current_setting('crm.lane_held', true) is distinct from 'yes')
    execute function crm.guard_lane();
