namespace Crm.Faults.Tests;

/// <summary>Each guard of the product, switched off once, so that a ledger that finds nothing is found out.</summary>
internal static class Guards
{
    /// <summary>No key is ever found and none is kept.</summary>
    public static async Task ForgetKeys(Office office)
    {
        await SwitchOff(office, "crm.append", "where r.key is not null and x.tenant_id", "where false and x.tenant_id");
        await SwitchOff(office, "crm.append", "where a.outcome = 'A' and a.key is not null)", "where false)");
    }

    /// <summary>Nobody waits for anybody before he draws his numbers.</summary>
    public static Task OpenLane(Office office) => SwitchOff(office, "crm.append", "perform pg_advisory_xact_lock(crm.lane_key())", "perform crm.lane_key()");

    /// <summary>The lane belongs to a connection for as long as it lives, not for one call.</summary>
    public static Task KeepLane(Office office) => SwitchOff(office, "crm.append", "perform pg_advisory_xact_lock(crm.lane_key())", "perform pg_advisory_lock(crm.lane_key())");

    /// <summary>Whatever was decided on is written, and no index minds.</summary>
    public static async Task IgnoreVersions(Office office)
    {
        await SwitchOff(office, "crm.append", "where s.version <> s.expected or s.is_archived or (s.last_event is not null and s.last_event is distinct from s.newest)", "where s.is_archived");
        await office.Run("drop index pk_mt_events_stream_and_version; create index on mt_events (tenant_id, stream_id, version)");
    }

    /// <summary>Other writers put their events under whatever number they have.</summary>
    public static Task LetLateNumbersIn(Office office) => office.Run("""
        drop trigger crm_guard_lane on mt_events; drop trigger crm_enter_lane on mt_events; drop trigger crm_enter_lane on mt_streams
        """);

    /// <summary>A read model that should stop says nothing and is not held.</summary>
    public static Task SwallowStops(Office office) => office.Run("""
        create function swallow() returns trigger language plpgsql as 'begin return null; end';
        create trigger swallow before insert on crm.read_model_stop for each row execute function swallow()
        """);

    // The same function with one text in the place of another.
    private static async Task SwitchOff(Office office, string function, string guard, string by)
    {
        var text = await office.Ask<string>($"select pg_get_functiondef('{function}'::regproc)");
        text.ShouldContain(guard, customMessage: "the function is not written as this test knows it");
        await office.Run(text.Replace(guard, by, StringComparison.Ordinal));
    }
}
