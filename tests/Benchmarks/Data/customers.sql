-- Customers with opportunities and touches on them, written by plain SQL in the stored format. Customer 0 has a hundred opportunities of a hundred events each;
-- {customers} others have one of ten events. Everything happened within two years, in the order in which it was recorded.
create temporary table facts as
select *, row_number() over (order by at, stream, v) as seq from (
    select md5('customer ' || c)::uuid as stream, 'customer' as kind, 1 as v, 'customer_registered' as type, timestamptz '2024-01-01' as at,
           jsonb_build_object('name', 'Customer ' || c, 'industry', 'machinery', 'region', 'region' || c % 7) as data
    from generate_series(0, {customers}) c
    union all
    select md5('deal ' || d.c || ' ' || d.n)::uuid, 'opportunity', v,
           case v when 1 then 'opportunity_opened' when 50 then 'opportunity_assigned' else 'opportunity_touched' end,
           timestamptz '2024-01-02' + d.n * interval '1 day' + v * interval '5 days' + (hashint4(d.c * 1000 + d.n * 7 + v)::bigint + 2147483648) % 86400 * interval '1 second',
           case v when 1 then jsonb_build_object(
                      'name', 'Deal ' || d.n, 'type', 'New', 'amount', jsonb_build_object('amount', 1000.00, 'currency', 'CNY'), 'pipeline', 'standard', 'stage', 'Prospecting',
                      'customerId', md5('customer ' || d.c)::uuid, 'rep', 'rep' || d.n % 40, 'team', 'team' || d.n % 4)
                  when 50 then jsonb_build_object('rep', 'rep' || (d.n + 1) % 40)
                  else jsonb_build_object('touchId', md5('touch ' || d.c || ' ' || d.n || ' ' || v)::uuid, 'kind', (array['Call', 'Visit', 'Mail'])[v % 3 + 1], 'direction', 'Outbound') end
    from (select c, n from generate_series(0, {customers}) c cross join lateral generate_series(1, case c when 0 then 100 else 1 end) n) d
    cross join lateral generate_series(1, case d.c when 0 then 100 else 10 end) v) f;

insert into public.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select 'main', stream, kind, max(v), '2026-06-01', '2024-01-01', false from facts group by stream, kind;

insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
select seq, md5('event ' || seq)::uuid, stream, v, data, type, at + seq * interval '1 microsecond', 'main', 'Crm.Domain', 'bench', null,
       jsonb_build_object('source', 'bench', 'occurredAt', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')), 'bench', false
from facts order by seq;
drop table facts;
