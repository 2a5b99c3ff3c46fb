-- A Marten host's way to archive a stream: it takes no more events, and readers pass over those it has. In the lane, so that no append
-- that was checked before comes after.
create or replace function public.mt_archive_stream(streamid uuid, tenantid varchar) returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(crm.lane_key());
    update public.mt_streams s set is_archived = true where s.tenant_id = tenantid and s.id = streamid;
    update public.mt_events e set is_archived = true where e.tenant_id = tenantid and e.stream_id = streamid;
end
$$;
