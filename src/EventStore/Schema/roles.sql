-- Who may do what in the database. The program comes in as its owner.
--   crm_append               writes events, of all tenants
--   crm_follow               writes read models, of all tenants
--   crm_app                  answers questions: reads only, and only the tenant that app.tenant names in the transaction
--   crm_send                 sends to receivers outside: reads events of all tenants, writes what is to be sent and the secrets that it is signed with
--   crm_work                 does long work that was asked for, of all tenants: jobs, the files that they need, and what became of each row
--   crm_marten               for a Marten host that comes in with a login of its own: the tables that are Marten's, of all tenants
--   crm_analyst_<tenant>     a login for each tenant that wants one: reads the tenant's read models, and nothing else; all are of crm_analyst
-- Roles belong to the whole server, so other databases may have made them, even just now.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['crm_append', 'crm_follow', 'crm_send', 'crm_work', 'crm_app', 'crm_marten', 'crm_analyst'] loop
        begin
            if not exists (select from pg_roles where rolname = wanted) then
                execute format('create role %I nologin nosuperuser nobypassrls', wanted);
            end if;
        exception when duplicate_object or unique_violation then null;
        end;
        if wanted not in ('crm_marten', 'crm_analyst') and not pg_has_role(current_user, wanted, 'usage') then
            begin
                execute format('grant %I to current_user', wanted);
            exception when unique_violation then null;
            end;
        end if;
    end loop;
exception when insufficient_privilege then
    raise exception 'the roles crm_append, crm_follow, crm_send, crm_work, crm_app, crm_marten and crm_analyst are missing and % may not make them: have an administrator say "create role ... nologin; grant ... to %" for each', current_user, current_user
        using errcode = '42501';
end
$$;

-- The tenant in whose name is read. None is an error, neither all nor nothing: a forgotten one must not look like an empty table.
create or replace function crm.tenant() returns text language plpgsql stable set search_path = pg_catalog as $$
begin
    if coalesce(current_setting('app.tenant', true), '') = '' then
        raise exception 'no tenant is set' using errcode = '42501';
    end if;
    return current_setting('app.tenant');
end
$$;

-- Sets the second wall around a table of many tenants: its own column against the tenant in whose name is read, for its owner too.
create or replace function crm.keep_apart(wanted regclass) returns void language plpgsql as $$
begin
    -- Only where it is not so yet: it waits for everybody who reads the table.
    if exists (select from pg_class c where c.oid = wanted and not (c.relrowsecurity and c.relforcerowsecurity)) then
        execute format('alter table %s enable row level security, force row level security', wanted);
    end if;
    if not exists (select from pg_policy where polrelid = wanted and polname = 'crm_all') then
        execute format('create policy crm_all on %s to crm_append, crm_follow using (true) with check (true)', wanted);
    end if;
    if not exists (select from pg_policy where polrelid = wanted and polname = 'crm_tenant') then
        execute format('create policy crm_tenant on %s for select to crm_app using (tenant_id = crm.tenant())', wanted);
    end if;
    execute format('grant select on %s to crm_app', wanted);
end
$$;

-- The same for a table that one role alone writes, for all tenants.
create or replace function crm.keep_for(writer text, wanted regclass) returns void language plpgsql as $$
begin
    perform crm.keep_apart(wanted);
    execute format('grant select, insert, update, delete on %s to %I', wanted, writer);
    if not exists (select from pg_policy where polrelid = wanted and polname = writer) then
        execute format('create policy %I on %s to %I using (true) with check (true)', writer, wanted, writer);
    end if;
end
$$;

-- The tenant whose analysts have logged in: their login's name says it, which no setting changes.
create or replace function crm.tenant_of_login() returns text language plpgsql stable set search_path = pg_catalog as $$
begin
    if not starts_with(current_user, 'crm_analyst_') then
        raise exception '% is no login of a tenant''s analysts', current_user using errcode = '42501';
    end if;
    return substr(current_user, length('crm_analyst_') + 1);
end
$$;

-- Lets analysts read a table of many tenants, each their own rows.
create or replace function crm.show_analysts(wanted regclass) returns void language plpgsql as $$
begin
    if not exists (select from pg_policy where polrelid = wanted and polname = 'crm_analyst') then
        execute format('create policy crm_analyst on %s for select to crm_analyst using (tenant_id = crm.tenant_of_login())', wanted);
    end if;
    execute format('grant select on %s to crm_analyst', wanted);
end
$$;

grant usage on schema crm to crm_analyst;

-- Whoever may take any advisory lock can hold the lane, or a follower's lead, and so everybody up; and large objects are written even where a
-- transaction may only read. Both are open to all by PostgreSQL's own rule, which only a superuser changes: where we are none, no analyst is let in
-- before an administrator has done this (Analysts.cs).
do $$
declare
    open_to_all regprocedure;
begin
    if (select rolsuper from pg_roles where rolname = current_user) then
        for open_to_all in
            select p.oid from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^(pg_(try_)?advisory_(xact_)?lock|lo_|lowrite|loread)'
        loop
            execute format('revoke execute on function %s from public', open_to_all);
            execute format('grant execute on function %s to crm_append, crm_follow, crm_send, crm_work, crm_marten', open_to_all);
        end loop;
    end if;
end
$$;
grant usage on schema crm, public to crm_append, crm_follow, crm_app;
grant select on crm.lane, public.mt_event_progression to crm_app;
grant select, insert, update on public.mt_streams, crm.claim, crm.idempotency to crm_append;
grant delete on crm.claim to crm_append;
grant select, insert on public.mt_events, crm.person_key to crm_append;
grant select, update on crm.lane to crm_append;
grant usage, select on public.mt_events_sequence to crm_append;
grant select on public.mt_events, public.mt_streams, crm.lane, crm.rebuild to crm_follow;
grant select, insert, update, delete on public.mt_event_progression, crm.read_model_stop, crm.read_model_skip to crm_follow;
select crm.keep_apart(i.inhrelid) from pg_inherits i where i.inhparent = 'crm.idempotency'::regclass;
select crm.keep_apart(t) from unnest(array[
    'public.mt_streams', 'public.mt_events', 'crm.claim', 'crm.idempotency', 'crm.person_key', 'crm.api_key_use']::regclass[]) t;

grant usage on schema crm, public to crm_marten;
grant select, insert, update on public.mt_streams, public.mt_event_progression, public.mt_high_water_skips to crm_marten;
grant select, insert on public.mt_events to crm_marten;
grant usage, select on public.mt_events_sequence to crm_marten;
grant select, update on crm.lane to crm_marten;
do $$
declare
    theirs regclass;
begin
    foreach theirs in array array['public.mt_streams', 'public.mt_events']::regclass[] loop
        if not exists (select from pg_policy where polrelid = theirs and polname = 'crm_marten') then
            execute format('create policy crm_marten on %s to crm_marten using (true) with check (true)', theirs);
        end if;
    end loop;
end
$$;

grant usage on schema crm, public to crm_send;
grant select on public.mt_events, public.mt_streams, crm.lane to crm_send;
grant select, insert, update on public.mt_event_progression to crm_send;
select crm.keep_for('crm_send', t) from unnest(array[
    'crm.webhook', 'crm.webhook_secret', 'crm.webhook_outbox', 'crm.webhook_replay', 'crm.webhook_attempt',
    'crm.channel_secret', 'crm.message', 'crm.message_item', 'crm.message_attempt']::regclass[]) t;
do $$
declare
    sent regclass;
begin
    foreach sent in array array['public.mt_streams', 'public.mt_events']::regclass[] loop
        if not exists (select from pg_policy where polrelid = sent and polname = 'crm_send') then
            execute format('create policy crm_send on %s for select to crm_send using (true)', sent);
        end if;
    end loop;
end
$$;
-- Whoever answers needs no secrets.
revoke select on crm.webhook_secret, crm.channel_secret from crm_app;

-- Whoever follows the log also acts by it.
select crm.keep_apart(t) from unnest(array[
    'crm.automation_failure', 'crm.automation_trial', 'crm.metric_day', 'crm.lead_fading',
    'crm.opportunity_due', 'crm.customer_round', 'crm.warning_due']::regclass[]) t;
grant select, insert, update, delete on
    crm.automation_failure, crm.automation_trial, crm.metric_day, crm.lead_fading, crm.opportunity_due,
    crm.customer_round, crm.warning_due
    to crm_follow;

grant usage on schema crm to crm_work;
select crm.keep_for('crm_work', t) from unnest(array['crm.job', 'crm.file', 'crm.file_piece', 'crm.import', 'crm.import_row', 'crm.content']::regclass[]) t;
-- What was sent is opened by whoever works on it.
revoke select on crm.file_piece, crm.content from crm_app;
