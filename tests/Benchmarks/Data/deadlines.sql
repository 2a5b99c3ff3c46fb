-- Leads that somebody has. Of {due} something falls due a day from now, spread evenly over {seconds} seconds: of every other one a reminder, of the others the first response; of the rest, a month later.
insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select 'main', md5('armed ' || n)::uuid, 'lead', 2, now(), now(), false from generate_series(0, {leads} - 1) n;
insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select v * {leads} + n + 1, gen_random_uuid(), md5('armed ' || n)::uuid, v + 1,
       case v when 0 then '{"source":"bench","company":"Suzhou Hengce Instruments","region":"East"}'::jsonb
              else jsonb_build_object('rep', 'rep-' || n % 20, 'ground', '{"by":"Rule","rule":"turn","round":1}'::jsonb, 'terms', jsonb_strip_nulls(jsonb_build_object(
                  'remindAt', case when n % 2 = 0 then due end, 'respondBy', case when n % 2 = 1 then due else due + interval '40 days' end))) end,
       case v when 0 then 'lead_captured' else 'lead_assigned' end, now() - interval '1 hour' + (v * {leads} + n) * interval '1 microsecond', 'main',
       case v when 0 then 'Crm.Domain.Leads.LeadCaptured, Crm.Domain' else 'Crm.Domain.Leads.LeadAssigned, Crm.Domain' end, 'bench', null, '{"source":"bench"}', 'bench', false
from generate_series(0, {leads} - 1) n cross join generate_series(0, 1) v
cross join lateral (select now() + interval '1 day' + case when n < {due} then n * {seconds} * interval '1 second' / {due} else interval '30 days' end as due) d;
-- What a plain table would have of it.
create table public.floor_due (id int primary key, due_at timestamptz not null, done_at timestamptz);
insert into public.floor_due (id, due_at) select n, 'infinity' from generate_series(0, {leads} - 1) n;
create index on public.floor_due (due_at) where done_at is null;
