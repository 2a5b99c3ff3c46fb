-- Every fact. Marten's table, to the letter; what we need besides stands in tables of our own.
create sequence if not exists public.mt_events_sequence as bigint start 1 increment 1 cache 1;

create table if not exists public.mt_events (
    seq_id          bigint       not null,
    id              uuid         not null,
    stream_id       uuid,
    version         bigint       not null,
    data            jsonb        not null,
    bdata           bytea,
    type            varchar(500) not null,
    timestamp       timestamptz  not null default '2026-01-01 00:00:00+00',   -- a constant, as Marten's is: writers always give it
    tenant_id       varchar      default '*DEFAULT*',
    mt_dotnet_type  varchar,
    correlation_id  varchar,
    causation_id    varchar,
    headers         jsonb,
    user_name       varchar,
    is_archived     boolean      default false,
    constraint pkey_mt_events_seq_id primary key (seq_id),
    constraint fkey_mt_events_stream_id_tenant_id foreign key (tenant_id, stream_id) references public.mt_streams (tenant_id, id)
);

alter sequence public.mt_events_sequence owned by public.mt_events.seq_id;

create unique index if not exists pk_mt_events_stream_and_version on public.mt_events (tenant_id, stream_id, version);
create unique index if not exists idx_mt_events_event_id on public.mt_events (id);
