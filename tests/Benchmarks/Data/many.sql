-- Ten million further events on a million streams, beside those that are measured.
insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select 'main', md5('many ' || s)::uuid, 'lead', 10, '2026-06-01', '2024-01-01', false from generate_series(0, 999999) s;
insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select 200000 + (v - 1) * 1000000 + s, gen_random_uuid(), md5('many ' || s)::uuid, v,
       '{"source":"bench","company":"Suzhou Hengce Instruments","role":"head of laboratory","region":"East","industry":"instruments","employees":320,"campaign":"spring fair","product":"Spectro S5 with flow cell"}',
       'lead_captured', timestamptz '2026-01-02' + ((v - 1) * 1000000 + s) * interval '1 second', 'main', 'Crm.Domain.Leads.LeadCaptured, Crm.Domain', 'bench', null, '{"source":"bench"}', 'bench', false
from generate_series(1, 10) v cross join generate_series(0, 999999) s;
