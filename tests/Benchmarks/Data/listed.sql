-- Opportunities as rows of their list, {deals} of them, a tenth in the region "small"; of events there is one.
insert into crm.opportunity_list_v4 (tenant_id, opportunity_id, status, opened_at, name, type, pipeline, stage, stage_since, amount, currency, expected_close, rep, team, region,
    product, source, competitor, tags, external_id, touches, last_touch_at, marks, overruns, facts_until, version, position)
select 'main', md5('listed ' || d)::uuid, (array['open', 'won', 'lost'])[d % 3 + 1], timestamptz '2024-01-01' + d * interval '1 minute', '苏州恒测仪器 – Spectro ' || d, 'new', 'standard', 'Proposal',
    timestamptz '2024-02-01' + d * interval '1 minute', d % 900000 + 0.5, 'CNY', date '2026-01-01' + d % 300, 'rep' || d % 40, 'team' || d % 10,
    case when d % 10 = 0 then 'small' else 'region' || d % 6 end, 'product' || d % 7, 'exhibition', 'Nordwind Optik', array['key', 'a=b'], 'ext-' || d, d % 20, '2026-01-01', '{}', '{}', '2026-01-01', 3, 0
from generate_series(1, {deals}) d;

insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived) values ('main', md5('listed')::uuid, 'customer', 1, '2026-01-01', '2026-01-01', false);
insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, headers, is_archived)
values (1, md5('listed event')::uuid, md5('listed')::uuid, 1, '{"name": "Hengce"}', 'customer_registered', '2026-01-01', 'main', '{}', false);
