-- A hundred thousand streams of one event each, for appends to go on from.
insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select 'main', md5('bench ' || n)::uuid, 'lead', 1, now(), now(), false from generate_series(1, 100000) n;
insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select nextval('public.mt_events_sequence'), md5('first ' || n)::uuid, md5('bench ' || n)::uuid, 1, '{"source":"bench"}', 'lead_captured', '2026-01-01', 'main',
       'Crm.Domain.Leads.LeadCaptured, Crm.Domain', 'bench', null, '{"source":"bench"}', 'bench', false
from generate_series(1, 100000) n;
