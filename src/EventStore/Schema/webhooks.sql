-- What is sent to receivers outside. The streams of type webhook say what there is; here stands what has to be known beside them.
create table if not exists crm.webhook (
    tenant_id         text         not null,
    webhook_id        uuid         not null,
    failing_since     timestamptz,                -- the first failure since something was taken; null while things are taken
    undelivered_from  bigint,                     -- when it was disabled, the first event that had not been delivered by then
    primary key (tenant_id, webhook_id)
);

-- Secrets that deliveries are signed with, each wrapped by the master key.
create table if not exists crm.webhook_secret (
    tenant_id   text         not null,
    secret_id   uuid         not null,
    webhook_id  uuid         not null,
    wrapped     bytea        not null,
    made_at     timestamptz  not null default now(),
    primary key (tenant_id, secret_id)
);

-- Events that a webhook has still to be sent. Of one stream only the first is due; the others wait for it.
create table if not exists crm.webhook_outbox (
    tenant_id   text         not null,
    webhook_id  uuid         not null,
    position    bigint       not null,
    stream_id   uuid         not null,
    attempts    int          not null default 0,
    next_at     timestamptz,                      -- null: waits for an earlier event of its stream
    primary key (tenant_id, webhook_id, position)
);
create index if not exists webhook_outbox_due on crm.webhook_outbox (tenant_id, webhook_id, next_at) where next_at is not null;
create index if not exists webhook_outbox_stream on crm.webhook_outbox (tenant_id, webhook_id, stream_id, position);

-- Spans of events that are being put into the outbox again.
create table if not exists crm.webhook_replay (
    tenant_id   text    not null,
    webhook_id  uuid    not null,
    replay_id   uuid    not null,
    after       bigint  not null,
    up_to       bigint  not null,
    event_id    uuid,
    primary key (tenant_id, webhook_id, replay_id)
);

-- Every attempt to deliver something, for thirty days.
create table if not exists crm.webhook_attempt (
    tenant_id    text         not null,
    webhook_id   uuid         not null,
    attempt_id   bigint       generated always as identity,
    message      text         not null,           -- what the receiver knows it by: webhook-id
    event_id     uuid,
    event_type   text         not null,
    position     bigint,
    attempt      int          not null,
    at           timestamptz  not null,
    duration_ms  int          not null,
    outcome      text         not null,
    status       int,
    error        text,
    next_at      timestamptz,
    primary key (tenant_id, webhook_id, attempt_id)
);
create index if not exists webhook_attempt_message on crm.webhook_attempt (tenant_id, webhook_id, message);
create index if not exists webhook_attempt_at on crm.webhook_attempt (at);
