using System.Diagnostics;
using Crm.EventStore.Tests.Local;

namespace Crm.EventStore.Tests.Faults;

/// <summary>A standby that was promoted may lack what the old primary had answered: its store is another one.</summary>
public sealed class PromotionTests : LocalTests
{
    [Fact]
    public async Task A_promoted_standby_has_a_new_name_from_its_first_connection()
    {
        await using var primary = await Start();
        string before;
        await using (var crm = await CupStore.On(primary.ConnectionString))
        {
            await crm.Order(cups: 3);
            before = crm.Store.Epoch;
            await crm.Run("alter system set restore_command = 'false'");
            // The more a standby has to write down, the later its first checkpoint on the new timeline.
            await crm.Run("create table ballast as select n, repeat('x', 200) as text from generate_series(1, 300000) n");
        }

        Process.GetProcessById(PidOfThePostmaster()).Kill();
        File.WriteAllText(Path.Combine(Folder, "data", "standby.signal"), "");
        await using var standby = await Start();
        (await Ask<bool>(standby, "select pg_is_in_recovery() and pg_promote()")).ShouldBeTrue();

        await using var promoted = await CupStore.On(standby.ConnectionString);

        promoted.Store.Epoch.ShouldNotBe(before);
        await promoted.Order(cups: 3);
        await Checker.CheckEvents(promoted.Database);
    }
}
