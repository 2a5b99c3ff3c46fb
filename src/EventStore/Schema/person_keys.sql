-- Keys that seal what is known of a person, each wrapped by the master key. A person is forgotten when their rows here are gone.
create table if not exists crm.person_key (
    tenant_id  text   not null,
    key_id     uuid   not null,
    person     uuid   not null,
    wrapped    bytea  not null,
    primary key (tenant_id, key_id)
);
create index if not exists person_key_person on crm.person_key (tenant_id, person);

-- A text sealed by the master key in use when the store was made: another master key cannot open it, and is refused at start.
create table if not exists crm.master_key_check (
    only_row  boolean  not null default true primary key check (only_row),
    sealed    text     not null
);
