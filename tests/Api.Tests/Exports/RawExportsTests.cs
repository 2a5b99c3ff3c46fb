using Crm.Api.Exports;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Webhooks;
using Crm.EventStore.Histories;
using Crm.Support;

namespace Crm.Api.Tests.Exports;

/// <summary>Exports that are written by themselves, by a clock that a test moves.</summary>
public sealed class RawExportsTests(CrmServer crm) : IClassFixture<CrmServer>, IDisposable
{
    private static readonly TimeSpan Fortnight = TimeSpan.FromDays(14);

    private readonly HandClock clock = new();
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("crm-raw-").FullName, "exports");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public async Task One_is_written_every_fortnight_and_what_was_missed_is_made_up_for_once()
    {
        (await Taken()).ShouldBeTrue();
        (await Taken()).ShouldBeFalse();
        clock.Pass(Fortnight - TimeSpan.FromSeconds(1));
        (await Taken()).ShouldBeFalse();
        clock.Pass(TimeSpan.FromSeconds(1));
        (await Taken()).ShouldBeTrue();

        clock.Pass(10 * Fortnight);
        (await Taken()).ShouldBeTrue();
        (await Taken()).ShouldBeFalse();
        Exports().Due.ShouldBe(clock.GetUtcNow() + Fortnight);
    }

    [Fact]
    public async Task The_oldest_go_once_a_new_one_is_there_and_each_is_whole()
    {
        (await crm.Http.Write("leads", new { source = "web" })).Ok();
        Directory.CreateDirectory(Path.Combine(folder, "history-20200101T000000Z"));
        Directory.CreateDirectory(Path.Combine(folder, "somebody's own"));
        for (var i = 0; i < 5; i++)
        {
            (await Taken()).ShouldBeTrue();
            clock.Pass(Fortnight);
        }

        var all = Exports().All();
        all.Select(export => export.At).ShouldBe(((int[])[1, 2, 3]).Select(back => clock.GetUtcNow() - (back * Fortnight)));
        foreach (var (_, path) in all)
        {
            await (await HistoryFolder.Open(path, default)).MustBeWhole(null, default);
        }

        Directory.Exists(Path.Combine(folder, "somebody's own")).ShouldBeTrue("what is not ours stays");
    }

    [Fact]
    public async Task What_was_cut_off_counts_for_nothing_and_is_cleared_away()
    {
        var half = Path.Combine(folder, "history-20261123T090000Z.part");
        Directory.CreateDirectory(half);
        await File.WriteAllTextAsync(Path.Combine(half, "events-000001.ndjson.gz"), "half");
        Directory.CreateDirectory(Path.Combine(folder, "history-20261122T090000Z"));

        Exports().All().ShouldBeEmpty();
        (await Taken()).ShouldBeTrue();

        Directory.Exists(half).ShouldBeFalse();
        Exports().All().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_several_processes_one_writes()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Exports().TakeIfDue(default)));

        taken.Count(manifest => manifest is not null).ShouldBe(1);
        Exports().All().Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_none_can_be_written_the_old_ones_stay()
    {
        (await Taken()).ShouldBeTrue();
        clock.Pass(Fortnight);
        await crm.Sql("alter table crm.claim rename to claim_away");

        await Should.ThrowAsync<Npgsql.PostgresException>(() => Exports().TakeIfDue(default));
        await crm.Sql("alter table crm.claim_away rename to claim");

        Exports().All().Count.ShouldBe(1);
        (await Taken()).ShouldBeTrue();
        Directory.EnumerateDirectories(folder).Count().ShouldBe(2);
    }

    private RawExports Exports() => new(crm.Engine.Database, folder, Fortnight, kept: 3, clock);

    private async Task<bool> Taken() => await Exports().TakeIfDue(default) is not null;
}

/// <summary>The program with a folder for exports.</summary>
public sealed class ExportingServer : CrmServer
{
    public string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("crm-raw-").FullName, "exports");

    protected override IReadOnlyDictionary<string, string?> More => new Dictionary<string, string?> { ["Crm:ExportFolder"] = Folder };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }
}

public sealed class ScheduledExportsTests(ExportingServer crm) : IClassFixture<ExportingServer>
{
    [Fact]
    public async Task The_program_writes_the_first_at_its_start_and_tells_how_it_goes()
    {
        await Patience.Until("an export is there", async () => (await crm.Http.Read("/health/ready")).Body.GetProperty("exports").ToString().Contains("lastAt\":\"2"));

        var told = (await crm.Http.Read("/health/ready")).Ok().Body.GetProperty("exports");
        (told.GetProperty("nextAt").GetDateTimeOffset() - told.GetProperty("lastAt").GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(14));
        told.GetProperty("failing").GetString().ShouldBeNull();
        Directory.GetDirectories(crm.Folder).Length.ShouldBe(1);
    }
}
