-- Read models that stopped at an event they cannot fold, and events that an operator told them to skip.
create table if not exists crm.read_model_stop (
    name        text        not null primary key,
    position    bigint      not null,
    event_type  text        not null,
    error       text        not null,
    stopped_at  timestamptz not null default now()
);

create table if not exists crm.read_model_skip (
    name      text         not null,
    position  bigint       not null,
    reason    text         not null,
    skipped_at timestamptz not null default now(),
    primary key (name, position)
);
