-- Deals of five versions each over two years, written by plain SQL in the stored format: opened, three stages, won or lost. One event in ten is
-- recorded up to sixty days after it happened. {deals} is how many.
create temporary table facts as
select d, v, id, at, case when random() < 0.1 then at + random() * interval '60 days' else at end as recorded
from (select d, v, md5('deal ' || d)::uuid as id,
             timestamptz '2024-01-01' + (hashint4(d)::bigint + 2147483648) % 600 * interval '1 day' + (v - 1) * interval '25 days'
             + ((hashint4(d * 7 + v)::bigint + 2147483648) % 86400) * interval '1 second' as at
      from generate_series(1, {deals}) d cross join generate_series(1, 5) v) f;

insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select 'main', md5('deal ' || d)::uuid, 'opportunity', 5, '2026-06-01', '2024-01-01', false from generate_series(1, {deals}) d;

-- Versions follow the order of recording, as they do in life.
insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select * from (
select row_number() over (order by e.recorded, e.d, e.v), md5('event ' || e.d || ' ' || e.v)::uuid, e.id,
       row_number() over (partition by e.d order by e.v = 1 desc, e.recorded, e.v), e.data, e.type,
       timestamptz '2024-01-01' + row_number() over (order by e.recorded, e.d, e.v) * interval '17 microseconds' + (e.recorded - '2024-01-01') * 1,
       'main', 'Crm.Domain', 'bench', null,
       jsonb_build_object('source', 'bench', 'occurredAt', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')), 'bench', false
from (select d, v, id, at, greatest(recorded, first_value(recorded) over (partition by d order by v = 1 desc)) as recorded,
             case when v = 1 then 'opportunity_opened' when v < 5 then 'opportunity_stage_entered' when d % 5 < 2 then 'opportunity_won' else 'opportunity_lost' end as type,
             case when v = 1 then jsonb_build_object(
                      'name', 'Deal ' || d, 'type', 'New', 'amount', jsonb_build_object('amount', (d % 900 + 100)::numeric(12, 2), 'currency', 'CNY'),
                      'pipeline', 'standard', 'stage', 'Prospecting', 'rep', 'rep' || d % 40, 'team', 'team' || d % 40 / 4, 'region', 'region' || d % 40 / 7,
                      'product', 'product' || d % 7, 'source', 'bench')
                  when v < 5 then jsonb_build_object('stage', (array['Engaging', 'Proposal', 'Negotiation'])[v - 1])
                  when d % 5 < 2 then jsonb_build_object('amount', jsonb_build_object('amount', (d % 900 + 100)::numeric(12, 2), 'currency', 'CNY'))
                  else jsonb_build_object('reason', (array['price', 'timing', 'competitor'])[d % 3 + 1]) end as data
      from facts) e) f (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
order by seq_id;
drop table facts;
