-- Rebuilds under way: up to which position the first pass goes, and which chunks of streams are done, so that a killed one goes on.
create table if not exists crm.rebuild (
    name        text         not null primary key,
    position    bigint       not null,
    started_at  timestamptz  not null default now(),
    folded      boolean      not null default false
);
-- Which build of the read models began it: chunks that another one folded may differ.
alter table crm.rebuild add column if not exists build text not null default '';

create table if not exists crm.rebuild_chunk (
    name         text     not null,
    number       int      not null,
    from_tenant  text     not null,
    from_stream  uuid     not null,
    events       bigint   not null default 0,
    done         boolean  not null default false,
    primary key (name, number)
);
