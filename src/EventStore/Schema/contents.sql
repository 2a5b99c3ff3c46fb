-- Contents of attached files: which there are, and the key that each is sealed under, itself wrapped by the master key. Their bytes lie beside the database.
create table if not exists crm.content (
    tenant_id   text         not null,
    sha256      text         not null,
    size        bigint       not null,
    media_type  text         not null,
    wrapped     bytea        not null,
    kept_at     timestamptz  not null default now(),
    waits_for   uuid[],                            -- the records that it is to be attached to; null once it is to one
    primary key (tenant_id, sha256)
);
create index if not exists content_waiting on crm.content (kept_at) where waits_for is not null;
