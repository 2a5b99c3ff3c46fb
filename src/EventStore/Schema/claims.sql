-- Who holds what may be held once: an external id, a phone, a pool slot. Invariants across streams are kept here and nowhere else.
create table if not exists crm.claim (
    tenant_id  text        not null,
    kind       text        not null,
    key        text        not null,
    stream_id  uuid        not null,
    taken_at   timestamptz not null,
    primary key (tenant_id, kind, key)
);
