-- Long work that was asked for: by whom, how far it is and what came of it. Whoever works on one holds a lease; when that runs out, another goes on.
create table if not exists crm.job (
    tenant_id     text         not null,
    job_id        uuid         not null,
    kind          text         not null,
    subject_id    uuid         not null,          -- what it is about: an import
    request       jsonb        not null,
    asked_by      text         not null,
    asked_at      timestamptz  not null default now(),
    state         text         not null default 'queued',
    phase         text,
    done          bigint       not null default 0,
    total         bigint       not null default 0,
    cancelling    boolean      not null default false,
    worker        uuid,
    leased_until  timestamptz,
    attempts      int          not null default 0,
    started_at    timestamptz,
    ended_at      timestamptz,
    result        jsonb,
    problem       text,
    primary key (tenant_id, job_id)
);
create index if not exists job_due on crm.job (asked_at) where ended_at is null;
create index if not exists job_subject on crm.job (tenant_id, subject_id, asked_at);
-- About one thing one job at a time.
create unique index if not exists job_alone on crm.job (tenant_id, subject_id) where ended_at is null;

-- Files that were sent here or are to be fetched, in pieces, each sealed by the master key.
create table if not exists crm.file (
    tenant_id    text         not null,
    owner_id     uuid         not null,           -- what it belongs to: an import
    name         text         not null,
    size         bigint       not null default 0,
    is_complete  boolean      not null default false,
    changed_at   timestamptz  not null default now(),
    primary key (tenant_id, owner_id, name)
);

create table if not exists crm.file_piece (
    tenant_id  text    not null,
    owner_id   uuid    not null,
    name       text    not null,
    at         bigint  not null,                  -- where in the file it begins
    sealed     bytea   not null,
    primary key (tenant_id, owner_id, name, at),
    foreign key (tenant_id, owner_id, name) references crm.file on delete cascade
);
alter table crm.file_piece alter column sealed set storage external;      -- ciphertext does not compress

-- Imports, and what became of each row of their files.
create table if not exists crm.import (
    tenant_id  text         not null,
    import_id  uuid         not null,
    name       text         not null,
    mapping    text,                              -- as it was sent
    made_by    text         not null,
    made_at    timestamptz  not null default now(),
    began_at   bigint,                            -- the position before its first event
    primary key (tenant_id, import_id)
);

create table if not exists crm.import_row (
    tenant_id  text    not null,
    import_id  uuid    not null,
    kind       text    not null,
    file       text    not null,
    line       int     not null,
    state      text    not null,
    record_id  uuid,
    key        text    not null,
    reason     text,
    message    text,
    field      text,
    notes      text[]  not null default '{}',
    events     int     not null,
    primary key (tenant_id, import_id, kind, line)
);
