-- A million events of fourteen types on a hundred thousand streams, ten each, the streams interleaved: nine in ten are opportunities.
insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select 'main', md5('mixed ' || s)::uuid, case when s % 10 = 0 then 'lead' else 'opportunity' end, 10, '2026-06-01', '2024-01-01', false
from generate_series(0, 99999) s;

insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select (v - 1) * 100000 + s + 1, md5('mixed event ' || s || ' ' || v)::uuid, md5('mixed ' || s)::uuid, v, data, type,
       timestamptz '2024-01-01' + ((v - 1) * 100000 + s) * interval '1 minute', 'main', 'Crm.Domain', 'bench', null,
       jsonb_build_object('source', 'bench', 'request', md5(s::text)), 'bench', false
from (select s, v, kind,
             case kind
                 when 'opportunity_opened' then jsonb_build_object(
                     'name', 'Deal ' || s, 'type', 'New', 'amount', jsonb_build_object('amount', (s % 900 + 100)::numeric(12, 2), 'currency', 'CNY'), 'pipeline', 'standard',
                     'stage', 'Prospecting', 'rep', 'rep' || s % 40, 'team', 'team' || s % 10, 'region', 'region' || s % 6, 'product', 'product' || s % 7, 'source', 'bench', 'competitor', 'Nordwind Optik')
                 when 'opportunity_stage_entered' then jsonb_build_object('stage', (array['Engaging', 'Proposal', 'Negotiation', 'Proposal'])[v % 4 + 1], 'filler', filler)
                 when 'opportunity_amount_changed' then jsonb_build_object('amount', jsonb_build_object('amount', ((s + v) % 900 + 100)::numeric(12, 2), 'currency', 'CNY'), 'filler', filler)
                 when 'opportunity_assigned' then jsonb_build_object('rep', 'rep' || (s + v) % 40, 'filler', filler)
                 when 'opportunity_close_date_changed' then jsonb_build_object('expectedClose', '2026-12-31', 'filler', filler)
                 when 'opportunity_won' then jsonb_build_object('amount', jsonb_build_object('amount', (s % 900 + 100)::numeric(12, 2), 'currency', 'CNY'), 'reference', 'C-' || s, 'filler', filler)
                 when 'opportunity_lost' then jsonb_build_object('reason', 'price', 'competitor', 'Nordwind Optik', 'filler', filler)
                 when 'opportunity_reopened' then jsonb_build_object('reason', 'they called', 'filler', filler)
                 when 'opportunity_noted' then jsonb_build_object('noteId', md5(s::text || v)::uuid, 'text', 'enc:v1:' || md5(s::text) || ':' || filler)
                 when 'lead_captured' then jsonb_build_object('source', 'bench', 'company', 'Suzhou Hengce Instruments', 'region', 'East', 'industry', filler)
                 when 'lead_assigned' then jsonb_build_object('rep', 'rep' || s % 40, 'team', filler)
                 when 'lead_disqualified' then jsonb_build_object('reason', filler)
                 else jsonb_build_object('touchId', md5(s::text || v)::uuid, 'kind', 'Call', 'direction', 'Outbound', 'outcome', filler) end as data, kind as type
      from (select s, v, repeat('x', 200) as filler,
                   case when s % 10 = 0
                        then (array['lead_captured', 'lead_assigned', 'lead_touched', 'lead_touched', 'lead_assigned', 'lead_touched', 'lead_touched', 'lead_touched', 'lead_touched', 'lead_disqualified'])[v]
                        else (array['opportunity_opened', 'opportunity_stage_entered', 'opportunity_touched', 'opportunity_amount_changed', 'opportunity_assigned', 'opportunity_stage_entered',
                                    'opportunity_noted', 'opportunity_close_date_changed', case when s % 3 = 0 then 'opportunity_won' else 'opportunity_lost' end,
                                    case when s % 9 = 1 then 'opportunity_reopened' else 'opportunity_touched' end])[v] end as kind
            from generate_series(0, 99999) s cross join generate_series(1, 10) v) k) e
order by 1;
