-- What PostgreSQL does by itself: one event appended to one of 8,192 streams, in one statement, one transaction, one round trip.
-- The same tables, keys and columns as ours; no check of the version, no order, no group.
\set n random(1, 8192)
with stream as (
    update public.mt_streams set version = version + 1, timestamp = clock_timestamp()
    where tenant_id = 'main' and id = md5('bench ' || :n)::uuid returning id, version)
insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select nextval('public.mt_events_sequence'), gen_random_uuid(), id, version,
       '{"source":"bench","company":"Suzhou Hengce Instruments","role":"head of laboratory","region":"East","industry":"instruments","employees":320,"campaign":"spring fair","product":"Spectro S5 with flow cell","externalId":"0000000000000000000000000000000000000000000000000000000000"}',
       'lead_captured', clock_timestamp(), 'main', 'Crm.Domain.Leads.LeadCaptured, Crm.Domain', 'bench', null, '{"source":"bench","request":"bench"}', 'bench', false
from stream;
