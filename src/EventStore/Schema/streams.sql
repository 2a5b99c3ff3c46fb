-- One row a stream. Marten's table, to the letter: anything of ours on it would be dropped by a Marten that migrates.
create table if not exists public.mt_streams (
    tenant_id    varchar     not null default '*DEFAULT*',
    id           uuid        not null,
    type         varchar,
    version      bigint,
    timestamp    timestamptz not null default now(),
    created      timestamptz not null default now(),
    is_archived  boolean     default false,
    constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
);
