-- What was answered to whom under which key, written with the events themselves. Never a body: ids, versions and a position.
create table if not exists crm.idempotency (
    tenant_id    text        not null,
    scope        text        not null,
    key          text        not null,
    fingerprint  bytea       not null,
    status       smallint    not null,
    streams      uuid[]      not null,
    versions     bigint[]    not null,
    position     bigint      not null,
    recorded_at  timestamptz not null,
    primary key (tenant_id, scope, key)
);
