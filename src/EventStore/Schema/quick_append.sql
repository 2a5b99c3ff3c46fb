-- Marten's own way in, for a Marten host with its default append mode. The first statement takes the lane; the rest keeps its promises:
-- MT003 for a wrong expected version, MT001 for an archived stream, versions checked before a number is drawn.
create or replace function public.mt_quick_append_events(
    stream uuid, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[], dotnet_types varchar[], bodies jsonb[],
    bdatas bytea[], causation_ids varchar[], correlation_ids varchar[], headers jsonb[], user_names varchar[],
    timestamps timestamptz[], expected_version bigint default null) returns bigint[] language plpgsql as $$
declare
    current_version bigint;
    archived boolean;
    amount int := coalesce(cardinality(event_ids), 0);
    positions bigint[];
begin
    perform pg_advisory_xact_lock(crm.lane_key());

    select s.version, s.is_archived into current_version, archived
    from public.mt_streams s where s.tenant_id = tenantid and s.id = stream;

    if archived then
        raise exception 'Attempted to append event to archived stream with Id ''%''.', stream using errcode = 'MT001';
    end if;
    if expected_version <> coalesce(current_version, 0) then
        raise exception 'Stream version mismatch on ''%'': expected %, actual %', stream, expected_version, coalesce(current_version, 0)
            using errcode = 'MT003';
    end if;

    insert into public.mt_streams as s (tenant_id, id, type, version, timestamp, created, is_archived)
    values (tenantid, stream, stream_type, amount, now(), now(), false)
    on conflict on constraint pkey_mt_streams_tenant_id_id do update set version = s.version + amount, timestamp = now();

    with written as (
        insert into public.mt_events (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type,
                                      correlation_id, causation_id, headers, user_name, is_archived)
        select nextval('public.mt_events_sequence'), event_ids[n], stream, coalesce(current_version, 0) + n, bodies[n], bdatas[n],
               event_types[n], timestamps[n], tenantid, dotnet_types[n], correlation_ids[n], causation_ids[n], headers[n],
               user_names[n], false
        from generate_series(1, amount) n
        returning seq_id)
    select array_agg(seq_id order by seq_id) into positions from written;

    return array[coalesce(current_version, 0) + amount] || coalesce(positions, '{}');
end
$$;

-- The same for a host with EventAppendMode.Quick, which sends no times; the guard stamps each row either way.
create or replace function public.mt_quick_append_events(
    stream uuid, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[], dotnet_types varchar[], bodies jsonb[],
    bdatas bytea[], causation_ids varchar[], correlation_ids varchar[], headers jsonb[], user_names varchar[],
    expected_version bigint default null) returns bigint[] language sql as $$
    select public.mt_quick_append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, array[]::timestamptz[], $13)
$$;
