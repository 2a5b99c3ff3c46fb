-- When each API key was last used, to the minute. A hint for operators: nothing is decided by it.
create table if not exists crm.api_key_use (
    tenant_id  text        not null,
    key_id     text        not null,
    used_at    timestamptz not null,
    primary key (tenant_id, key_id)
);
