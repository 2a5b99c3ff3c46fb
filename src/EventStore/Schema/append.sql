-- Appends a group of requests, each of which succeeds or fails by itself. Called as one statement that commits by itself, with the
-- whole payload in its arguments: no client can hold the lane while it thinks. Within a group no two requests share a stream, a claim
-- or an idempotency key; the caller sees to that.
--
-- e_recorded is empty but while a made-up past is played (play.sql): then it holds, event by event, when it is to have been recorded.
--
-- Outcomes: A appended · R replayed, the key was answered before · K the key was used for something else
--           V a stream is not at the expected version · X a stream is archived · C a claim is held by another stream
create or replace function crm.append(
    r_tenant text[], r_scope text[], r_key text[], r_fingerprint bytea[], r_status smallint[], r_events int[], r_last_event uuid[],
    r_streams text[], r_versions text[],
    s_request int[], s_tenant text[], s_stream uuid[], s_type text[], s_expected bigint[], s_last_event uuid[], s_events int[],
    e_request int[], e_tenant text[], e_stream uuid[], e_version bigint[], e_id uuid[], e_type text[], e_dotnet text[], e_data jsonb[],
    e_headers jsonb[], e_correlation text[], e_causation text[], e_user text[], e_recorded timestamptz[],
    c_request int[], c_tenant text[], c_kind text[], c_key text[], c_stream uuid[], c_take boolean[],
    k_request int[], k_tenant text[], k_key uuid[], k_person uuid[], k_wrapped bytea[])
returns table (outcome "char", "position" bigint, stamp timestamptz, status smallint, streams uuid[], versions bigint[],
               subject uuid, actual bigint, claim text)
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off      -- the plan is kept for good, made when the tables may still be small
set jit = off                 -- and its costs say nothing: compiling it took fifty milliseconds a call
as $$
#variable_conflict use_column
declare
    lane crm.lane%rowtype;
    outcomes "char"[];
    refused jsonb;
    seqs bigint[];
    stamps timestamptz[];
    total int;
    base timestamptz;
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    perform set_config('crm.lane_held', 'yes', true);
    select l.* into strict lane from crm.lane l;

    if cardinality(e_recorded) > 0 and (lane.play_until is null or lane.play_until <= any (e_recorded)) then
        raise exception 'the time of recording is the store''s own: it is taken from outside only while an empty store is played up to a given moment'
            using errcode = '22023';
    end if;

    -- What stands against each request: the first stream that is not as expected, the first claim that another holds.
    with stream_state as materialized (
        select s.request, s.n, s.stream, s.expected, s.last_event, coalesce(m.version, 0) as version, m.is_archived,
               (select e.id from public.mt_events e
                where m.version > 0 and e.tenant_id = s.tenant and e.stream_id = s.stream and e.version = m.version) as newest
        from unnest(s_request, s_tenant, s_stream, s_expected, s_last_event) with ordinality
             as s (request, tenant, stream, expected, last_event, n)
        left join lateral (select x.version, x.is_archived from public.mt_streams x
                           where x.tenant_id = s.tenant and x.id = s.stream) m on true),
    unexpected as (
        select distinct on (s.request) s.request, s.stream, s.version, coalesce(s.is_archived, false) as archived
        from stream_state s
        where s.version <> s.expected or s.is_archived or (s.last_event is not null and s.last_event is distinct from s.newest)
        order by s.request, s.n),
    held as (
        select distinct on (c.request) c.request, c.kind, h.stream_id
        from unnest(c_request, c_tenant, c_kind, c_key, c_stream, c_take) with ordinality as c (request, tenant, kind, key, stream, take, n)
        cross join lateral (select x.stream_id from crm.claim x
                            where x.tenant_id = c.tenant and x.kind = c.kind and x.key = c.key) h
        where c.take and h.stream_id <> c.stream
          -- What the same request has its holder give up, it may take.
          and not exists (select from unnest(c_request, c_kind, c_key, c_stream, c_take) as g (request, kind, key, stream, take)
                          where g.request = c.request and not g.take and g.kind = c.kind and g.key = c.key and g.stream = h.stream_id)
        order by c.request, c.n),
    verdict as (
        select r.n, u.stream, u.version, h.kind, h.stream_id,
               case when i.fingerprint is distinct from r.fingerprint and i.fingerprint is not null then 'K'
                    when i.fingerprint is not null then 'R'
                    -- Our own events are there already: this is a second try of what was committed before its answer got lost.
                    when u.request is not null and r.last_event is not null
                         and exists (select from public.mt_events e where e.id = r.last_event) then 'R'
                    when u.archived then 'X'
                    when u.request is not null then 'V'
                    when h.request is not null then 'C'
                    else 'A' end::"char" as outcome
        from unnest(r_tenant, r_scope, r_key, r_fingerprint, r_last_event) with ordinality as r (tenant, scope, key, fingerprint, last_event, n)
        left join unexpected u on u.request = r.n
        left join held h on h.request = r.n
        left join lateral (select x.fingerprint from crm.idempotency x
                           where r.key is not null and x.tenant_id = r.tenant and x.scope = r.scope and x.key = r.key) i on true)
    select array_agg(v.outcome order by v.n),
           coalesce(jsonb_object_agg(v.n, jsonb_build_object('stream', coalesce(v.stream, v.stream_id), 'version', v.version, 'claim', v.kind))
                    filter (where v.outcome in ('V', 'X', 'C')), '{}')
    into outcomes, refused
    from verdict v;

    select coalesce(sum(r.events), 0) into total from unnest(r_events) with ordinality as r (events, n) where outcomes[r.n] = 'A';

    -- Only now numbers are drawn and the clock is read: a gap is dead for good, and recorded time rises with position.
    select array_agg(nextval('public.mt_events_sequence')) into seqs from generate_series(1, total);
    base := greatest(crm.clock(), lane.stamp + interval '1 microsecond');
    if cardinality(e_recorded) > 0 then
        -- Each at its own time, or just after the one before it where that is not earlier.
        select array_agg(p.stamp order by p.k), coalesce(min(p.stamp), base) into stamps, base
        from (select x.k, max(greatest(x.recorded, lane.stamp + interval '1 microsecond') - x.k * interval '1 microsecond') over (order by x.k)
                          + x.k * interval '1 microsecond' as stamp
              from (select coalesce(e.recorded, base) as recorded, row_number() over (order by e.n) as k
                    from unnest(e_request, e_recorded) with ordinality as e (request, recorded, n)
                    where outcomes[e.request] = 'A') x) p;
    else
        select array_agg(base + (k - 1) * interval '1 microsecond') into stamps from generate_series(1, total) k;
    end if;

    insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
    select s.tenant, s.stream, s.type, s.expected + s.events, base, base, false
    from unnest(s_request, s_tenant, s_stream, s_type, s_expected, s_events) as s (request, tenant, stream, type, expected, events)
    where outcomes[s.request] = 'A' and s.events > 0
    on conflict on constraint pkey_mt_streams_tenant_id_id do update set version = excluded.version, timestamp = excluded.timestamp;

    insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                                  correlation_id, causation_id, headers, user_name, is_archived)
    select seqs[k], e.id, e.stream, e.version, e.data, e.type, stamps[k], e.tenant, e.dotnet,
           e.correlation, e.causation, e.headers, e.user_name, false
    from (select x.*, row_number() over (order by x.n) as k
          from unnest(e_request, e_tenant, e_stream, e_version, e_id, e_type, e_dotnet, e_data, e_headers, e_correlation, e_causation, e_user)
               with ordinality as x (request, tenant, stream, version, id, type, dotnet, data, headers, correlation, causation, user_name, n)
          where outcomes[x.request] = 'A') e
    order by k;

    if total > 0 then
        -- The first fact that is recorded now ends a play: from then on the store's clock is the real one.
        update crm.lane l set position = seqs[total], stamp = stamps[total],
                              play_until = case when cardinality(e_recorded) > 0 and array_position(e_recorded, null) is null then l.play_until end;
        lane.position := seqs[total];
        lane.stamp := stamps[total];
    end if;

    if cardinality(c_request) > 0 then
        delete from crm.claim x
        using unnest(c_request, c_tenant, c_kind, c_key, c_stream, c_take) as c (request, tenant, kind, key, stream, take)
        where outcomes[c.request] = 'A' and not c.take
          and x.tenant_id = c.tenant and x.kind = c.kind and x.key = c.key and x.stream_id = c.stream;
        insert into crm.claim (tenant_id, kind, key, stream_id, taken_at)
        select c.tenant, c.kind, c.key, c.stream, base
        from unnest(c_request, c_tenant, c_kind, c_key, c_stream, c_take) as c (request, tenant, kind, key, stream, take)
        where outcomes[c.request] = 'A' and c.take
        on conflict do nothing;
    end if;

    if cardinality(k_request) > 0 then
        insert into crm.person_key (tenant_id, key_id, person, wrapped)
        select k.tenant, k.key, k.person, k.wrapped
        from unnest(k_request, k_tenant, k_key, k_person, k_wrapped) as k (request, tenant, key, person, wrapped)
        where outcomes[k.request] = 'A'
        on conflict do nothing;
    end if;

    return query
    with answer as materialized (
        select r.n, outcomes[r.n] as outcome, r.tenant, r.scope, r.key, r.fingerprint, r.status, r.last_event,
               r.streams::uuid[] as streams, r.versions::bigint[] as versions,
               case when r.events > 0 then seqs[r.k] else lane.position end as position,
               case when r.events > 0 then stamps[r.k] else lane.stamp end as stamp
        from (select x.*, sum(case when outcomes[x.n] = 'A' then x.events else 0 end) over (order by x.n) as k
              from unnest(r_tenant, r_scope, r_key, r_fingerprint, r_status, r_events, r_last_event, r_streams, r_versions)
                   with ordinality as x (tenant, scope, key, fingerprint, status, events, last_event, streams, versions, n)) r),
    remembered as (
        insert into crm.idempotency (tenant_id, scope, key, fingerprint, status, streams, versions, position, recorded_at, day)
        select a.tenant, a.scope, a.key, a.fingerprint, a.status, a.streams, a.versions, a.position, base, crm.idempotency_day(base)
        from answer a where a.outcome = 'A' and a.key is not null)
    select a.outcome,
           case a.outcome when 'A' then a.position when 'R' then coalesce(i.position, e.seq_id) end,
           case a.outcome when 'A' then a.stamp when 'R' then coalesce(i.recorded_at, e.timestamp) end,
           case a.outcome when 'R' then coalesce(i.status, a.status) else a.status end,
           case a.outcome when 'R' then coalesce(i.streams, a.streams) else a.streams end,
           case a.outcome when 'R' then coalesce(i.versions, a.versions) else a.versions end,
           (refused -> a.n::text ->> 'stream')::uuid,
           (refused -> a.n::text ->> 'version')::bigint,
           refused -> a.n::text ->> 'claim'
    from answer a
    left join lateral (select x.position, x.recorded_at, x.status, x.streams, x.versions from crm.idempotency x
                       where a.outcome = 'R' and a.key is not null
                         and x.tenant_id = a.tenant and x.scope = a.scope and x.key = a.key) i on true
    left join lateral (select x.seq_id, x.timestamp from public.mt_events x
                       where a.outcome = 'R' and i.position is null and x.id = a.last_event) e on true
    order by a.n;
end
$$;
