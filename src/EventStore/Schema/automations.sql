-- What a program could not do by itself: left alone until somebody has it tried again, or lets it be.
create table if not exists crm.automation_failure (
    tenant_id   text         not null,
    automation  text         not null,
    subject_id  uuid         not null,            -- the record that it was about
    cause_id    uuid,                             -- the event that it took for its cause; null where a moment had come
    due_at      timestamptz  not null,            -- by the rules of which moment
    failed_at   timestamptz  not null default now(),
    attempts    int          not null default 1,
    error       text         not null,
    again       boolean      not null default false,
    primary key (tenant_id, automation, subject_id)
);
-- Where subject_id is the event by which a record came to a stage: the record. What could not be done then is a failure by itself, which no
-- later one hides.
alter table crm.automation_failure add column if not exists record_id uuid;
create index if not exists automation_failure_again on crm.automation_failure (tenant_id) where again;

-- What a program would have done while it was only tried.
create table if not exists crm.automation_trial (
    tenant_id   text         not null,
    trial_id    uuid         not null,
    automation  text         not null,
    subject_id  uuid         not null,
    cause_id    uuid,
    at          timestamptz  not null,
    facts       jsonb        not null,
    primary key (tenant_id, automation, trial_id)
);

-- Up to which day the figures that a tenant has watched were asked.
create table if not exists crm.metric_day (
    tenant_id  text  not null primary key,
    asked      date  not null
);
-- At first they stood among the positions of those who follow, as numbers of days: there a tenant's name is everybody's, and a day is
-- taken for a position.
insert into crm.metric_day (tenant_id, asked)
select substr(name, length('automations:metrics:') + 1), date '0001-01-01' + last_seq_id::int
from public.mt_event_progression where starts_with(name, 'automations:metrics:') on conflict do nothing;
delete from public.mt_event_progression where starts_with(name, 'automations:metrics:');

-- Of which day of a tenant, by which version of its playbook, all its customers were looked at last.
create table if not exists crm.customer_round (
    tenant_id  text    not null primary key,
    day        date    not null,
    playbook   bigint  not null
);

-- When a lead is to be looked at, since its points will have faded into another band by then. Made of the log and the rules; at most a
-- row for each open lead.
create table if not exists crm.lead_fading (
    tenant_id  text         not null,
    lead_id    uuid         not null,
    at         timestamptz  not null,
    primary key (tenant_id, lead_id)
);
create index if not exists lead_fading_at on crm.lead_fading (tenant_id, at);

-- When an opportunity is to be looked at: something is then over a limit of its stage, or is to be told further up. Made of the log and the
-- rules; at most a row for each open opportunity.
create table if not exists crm.opportunity_due (
    tenant_id       text         not null,
    opportunity_id  uuid         not null,
    at              timestamptz  not null,
    primary key (tenant_id, opportunity_id)
);
create index if not exists opportunity_due_at on crm.opportunity_due (tenant_id, at);

-- When an opportunity is to be looked at: a sign that it may be lost is there from then on. Made of the log and the rules, as
-- crm.opportunity_due is.
create table if not exists crm.warning_due (
    tenant_id       text         not null,
    opportunity_id  uuid         not null,
    at              timestamptz  not null,
    primary key (tenant_id, opportunity_id)
);
create index if not exists warning_due_at on crm.warning_due (tenant_id, at);
