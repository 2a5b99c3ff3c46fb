-- The one ordered lane: whoever appends holds crm.lane_key() until commit, so the order of positions is the order of commits.
create schema if not exists crm;

create or replace function crm.lane_key() returns bigint language sql immutable parallel safe as 'select 4715926535897932384';

-- What time it is: all that is stamped, and all who wait for a moment, go by this.
create or replace function crm.clock() returns timestamptz language sql volatile as 'select clock_timestamp()';

-- Which timeline is written now. The control file names it only after the first checkpoint, minutes after a promotion.
create or replace function crm.timeline() returns integer language sql volatile as
    $$ select ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer $$;

create table if not exists crm.lane (
    only_row           boolean     not null default true primary key check (only_row),
    position           bigint      not null,
    stamp              timestamptz not null,
    epoch              text        not null,      -- renewed by restore or promotion: positions of another epoch mean nothing here
    system_identifier  bigint      not null,
    timeline           integer     not null
);

-- Not null while a made-up past is being played into a store that was empty: facts may then bring the time of their recording, before this.
alter table crm.lane add column if not exists play_until timestamptz;

insert into crm.lane (position, stamp, epoch, system_identifier, timeline)
select coalesce(max(seq_id), 0), coalesce(max(timestamp), 'epoch'), substr(md5(gen_random_uuid()::text), 1, 8),
       (select system_identifier from pg_control_system()), crm.timeline()
from public.mt_events
on conflict do nothing;
