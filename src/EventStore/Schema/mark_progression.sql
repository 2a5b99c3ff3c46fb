-- How a Marten host's daemon notes the high-water mark that it has found; without these two it cannot start. Our own followers do not need
-- them. The argument names are Marten's.
create or replace function public.mt_mark_event_progression(name varchar, last_encountered bigint) returns void language sql as $$
    insert into public.mt_event_progression as p (name, last_seq_id, last_updated)
    values ($1, $2, transaction_timestamp())
    on conflict on constraint pk_mt_event_progression do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
$$;

-- Moves the mark over numbers that were drawn and rolled back, unless another daemon has moved it meanwhile. Answers where the mark stands.
create or replace function public.mt_mark_progression_with_skip(shard_name varchar, ending_sequence bigint, starting_sequence bigint)
    returns bigint language plpgsql as $$
declare
    mark bigint;
begin
    insert into public.mt_event_progression (name, last_seq_id, last_updated) values ($1, $3, transaction_timestamp())
    on conflict on constraint pk_mt_event_progression do nothing;
    select p.last_seq_id into mark from public.mt_event_progression p where p.name = $1 for update;

    if mark is distinct from $3 then
        return mark;
    end if;
    if $2 > $3 then
        insert into public.mt_high_water_skips (ending_sequence, starting_sequence) values ($2, $3)
        on conflict on constraint pkey_mt_high_water_skips_ending_sequence do nothing;
    end if;
    update public.mt_event_progression p set last_seq_id = $2, last_updated = transaction_timestamp() where p.name = $1;
    return $2;
end
$$;
