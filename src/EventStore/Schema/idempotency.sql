-- What was answered to whom under which key, written with the events themselves. Never a body: ids, versions and a position.
-- In partitions of five days, so that what is older than thirty goes at once: each append looks into all of them, so they are not shorter.
do $$
begin
    -- Before partitions it was one table.
    if exists (select from pg_class where oid = to_regclass('crm.idempotency') and relkind = 'r') then
        alter table crm.idempotency rename to idempotency_before;
        alter index crm.idempotency_pkey rename to idempotency_before_pkey;
    end if;
end
$$;

create or replace function crm.idempotency_day(moment timestamptz) returns date language sql immutable as $$
    select date '2000-01-01' + ((moment at time zone 'UTC')::date - date '2000-01-01') / 5 * 5
$$;

create table if not exists crm.idempotency (
    tenant_id    text        not null,
    scope        text        not null,
    key          text        not null,
    fingerprint  bytea       not null,
    status       smallint    not null,
    streams      uuid[]      not null,
    versions     bigint[]    not null,
    position     bigint      not null,
    recorded_at  timestamptz not null,
    day          date        not null,
    primary key (tenant_id, scope, key, day)
) partition by range (day);

-- Where nobody has made the next partition in time, nothing is lost but tidiness.
create table if not exists crm.idempotency_else partition of crm.idempotency default;

-- Makes the partitions of now and of the next five days, and drops those whose every key is older than thirty days.
create or replace function crm.keep_idempotency(moment timestamptz) returns int language plpgsql as $$
declare
    first date;
    old text;
    dropped int := 0;
begin
    perform pg_advisory_xact_lock(4715926535897932386);
    for first in select crm.idempotency_day(moment) + x from unnest(array[0, 5]) x loop
        if to_regclass(format('crm.idempotency_%s', to_char(first, 'YYYYMMDD'))) is null then
            execute format('create table crm.idempotency_%s (like crm.idempotency including defaults including constraints)', to_char(first, 'YYYYMMDD'));
            execute format('with moved as (delete from crm.idempotency_else where day = %L returning *) insert into crm.idempotency_%s select * from moved',
                           first, to_char(first, 'YYYYMMDD'));
            execute format('alter table crm.idempotency attach partition crm.idempotency_%s for values from (%L) to (%L)',
                           to_char(first, 'YYYYMMDD'), first, first + 5);
            if to_regprocedure('crm.keep_apart(regclass)') is not null then
                perform crm.keep_apart(format('crm.idempotency_%s', to_char(first, 'YYYYMMDD'))::regclass);
            end if;
        end if;
    end loop;

    for old in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'crm.idempotency'::regclass and c.relname ~ '^idempotency_\d{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD') + 5 + 30 <= (moment at time zone 'UTC')::date
    loop
        execute format('drop table crm.%I', old);
        dropped := dropped + 1;
    end loop;

    delete from crm.idempotency_else where recorded_at < moment - interval '35 days';
    return dropped;
end
$$;

select crm.keep_idempotency(now());

do $$
begin
    if to_regclass('crm.idempotency_before') is not null then
        insert into crm.idempotency select b.*, crm.idempotency_day(b.recorded_at) from crm.idempotency_before b;
        drop table crm.idempotency_before;
    end if;
end
$$;
