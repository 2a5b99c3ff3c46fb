-- What it takes to send by a channel, such as a password, each wrapped by the master key. The streams of type channel say which channels there are.
create table if not exists crm.channel_secret (
    tenant_id   text         not null,
    secret_id   uuid         not null,
    channel_id  uuid         not null,
    wrapped     bytea        not null,
    made_at     timestamptz  not null default now(),
    primary key (tenant_id, secret_id)
);

-- What is to go out by channels, and what came of it. What it says is made of its events when it goes out, and kept nowhere.
create table if not exists crm.message (
    tenant_id   text         not null,
    message_id  uuid         not null,            -- made of what it is about, whom for and which way
    channel_id  uuid         not null,
    kind        text         not null,            -- alert, digest, nurture
    recipient   text         not null,            -- a member, or the lead that it is for
    made_at     timestamptz  not null,
    due_at      timestamptz  not null,
    next_at     timestamptz,                      -- when it is tried next; null once it is over
    state       text         not null default 'waiting',
    attempts    int          not null default 0,
    settled_at  timestamptz,
    answer      text,                             -- the last word of whoever was to take it
    primary key (tenant_id, message_id)
);
alter table crm.message add column if not exists address text;        -- of a mail that went out by itself: a keyed hash of where to
create index if not exists message_address on crm.message (tenant_id, settled_at, address) where address is not null;
create index if not exists message_next on crm.message (next_at) where next_at is not null;
create index if not exists message_made on crm.message (tenant_id, made_at, message_id);
create index if not exists message_way on crm.message (tenant_id, channel_id, next_at, message_id) where next_at is not null;
drop index if exists crm.message_channel;         -- what it was for the one above does

-- The events that a message tells of.
create table if not exists crm.message_item (
    tenant_id   text    not null,
    message_id  uuid    not null,
    position    bigint  not null,
    primary key (tenant_id, message_id, position)
);

-- Every attempt to send one.
create table if not exists crm.message_attempt (
    tenant_id    text         not null,
    message_id   uuid         not null,
    attempt_id   bigint       generated always as identity,
    at           timestamptz  not null,
    duration_ms  int          not null,
    outcome      text         not null,
    answer       text,
    primary key (tenant_id, message_id, attempt_id)
);
