using System.Globalization;
using Crm.Api.Imports;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

public sealed class StageHistoryImportTests : IAsyncLifetime
{
    private const string Deals = "id,customer,amount,created,state,closed\nD1,Hafen,100,2025-02-03,Won,2025-03-05\nD2,Werft,200,2025-02-04,Contact,\n";

    private const string History = """
        deal,when,stage,who,worth
        D2,2025-02-10 10:00:00,Offer,ben,200
        D1,2025-02-03 09:00:00,Contact,ann,100
        D1,2025-02-20 09:00:00,Contact,ann,120
        D1,2025-02-10 09:00:00,Offer,ben,100
        D1,2025-03-05 16:30:00,Closed Won,ann,150
        D2,2025-02-01 08:00:00,Contact,ann,
        D3,2025-02-05 08:00:00,Contact,eve,70
        D3,2025-02-06 08:00:00,Closed Lost,eve,70
        D3,2025-02-06 08:00:00,Closed Lost,eve,70
        D3,06/02/2025,Offer,eve,70
        ,2025-02-06 08:00:00,Offer,eve,70
        D2,2025-02-11 10:00:00,Dreaming,ben,200

        """;

    private const string Text = """
        {
          "source": "hist", "currency": "EUR",
          "dates": ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss"],
          "pipeline": { "key": "hist", "name": "Hist", "stages": ["Contact", "Offer"] },
          "lookups": { "deals": { "file": "deals.csv", "key": "id" } },
          "opportunities": {
            "file": "deals.csv", "key": "id", "name": "customer",
            "opened": { "at": "created", "amount": "amount" },
            "won": { "when": { "state": "Won" }, "at": "closed" }
          },
          "stageHistories": {
            "file": "history.csv", "opportunity": "deal", "at": "when", "stage": "stage", "by": "who", "amount": "worth",
            "current": { "lookup": "deals", "by": "deal", "column": "state", "map": { "Won": "Closed Won", "Contact": "Contact" } },
            "won": { "when": { "stage": "Closed Won" } },
            "lost": { "when": { "stage": "Closed Lost" }, "reason": { "constant": "not recorded" } }
          }
        }
        """;

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Tried_first_it_says_what_will_be()
    {
        using var files = new Folder().With("deals.csv", Deals).With("history.csv", History);
        await crm.MustComeToWhatWasTried(files.Path, Mapping.Parse(Text));
    }

    [Fact]
    public async Task Each_change_is_a_fact_at_its_own_time_by_its_own_author()
    {
        using var files = new Folder().With("deals.csv", Deals).With("history.csv", History);
        var report = await crm.Run(files.Path, Mapping.Parse(Text));

        (await Told("D1")).ShouldBe([
            "02-03 00:00 opportunity_opened developer", "02-10 09:00 opportunity_stage_entered hist:ben", "02-20 09:00 opportunity_stage_entered hist:ann",
            "02-20 09:00 opportunity_amount_changed hist:ann", "03-05 00:00 opportunity_won developer"]);
        (await Told("D3")).ShouldBe(["02-05 08:00 opportunity_opened hist:eve", "02-06 08:00 opportunity_lost hist:eve"]);
        var kind = report.Kinds.Single(kind => kind.Kind == "stage-history");
        (kind.Rows, kind.New).ShouldBe((12, 1));
        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["bad-date"] = 1, ["no-key"] = 1, ["opportunity.stage-unknown"] = 1 }, ignoreOrder: true);
        kind.Noted.ShouldBe(new Dictionary<string, int>
        {
            ["before-opening"] = 1,
            ["opportunity-unknown"] = 1,
            ["other-state"] = 1,
            ["repeated"] = 1,
            ["stage-backward"] = 1
        }, ignoreOrder: true);
        (await crm.Texts("select distinct headers->>'source' from mt_events")).ShouldBe(["import"]);
    }

    [Fact]
    public async Task Said_again_nothing_happens()
    {
        using var files = new Folder().With("deals.csv", Deals).With("history.csv", History);
        var first = await crm.Run(files.Path, Mapping.Parse(Text));
        var again = await crm.Run(files.Path, Mapping.Parse(Text));

        (again.Events, again.Position).ShouldBe((0, first.Position));
        again.Kinds.Single(kind => kind.Kind == "stage-history").Noted.ShouldBe(first.Kinds.Single(kind => kind.Kind == "stage-history").Noted);

        // In another order, with a line more.
        string[] lines = History.TrimEnd().Split('\n');
        files.With("history.csv", string.Join('\n', (string[])[lines[0], .. lines[1..].Reverse(), "D2,2025-02-12 10:00:00,Contact,ben,200"]));
        var more = await crm.Run(files.Path, Mapping.Parse(Text));

        (await Told("D2"))[^1].ShouldBe("02-12 10:00 opportunity_stage_entered hist:ben");
        more.Kinds.Single(kind => kind.Kind == "stage-history").Continued.ShouldBe(1);
    }

    [Fact]
    public async Task A_history_may_be_all_there_is()
    {
        using var files = new Folder().With("history.csv", History);
        await crm.Run(files.Path, Mapping.Parse("""
            {
              "source": "hist", "currency": "EUR", "dates": ["yyyy-MM-dd HH:mm:ss"],
              "pipeline": { "key": "hist", "name": "Hist", "stages": ["Contact", "Offer"] },
              "stageHistories": {
                "file": "history.csv", "opportunity": "deal", "at": "when", "stage": "stage", "by": "who", "amount": "worth",
                "won": { "when": { "stage": "Closed Won" } }, "lost": { "when": { "stage": "Closed Lost" } }
              }
            }
            """));
        await crm.CatchUp([.. Catalog.All]);

        (await crm.Texts("select concat_ws(' ', name, status, stage, amount) from crm.opportunity_list order by name collate \"C\""))
            .ShouldBe(["D1 won Contact 150.00", "D2 open Offer 200.00", "D3 lost Contact 70.00"]);
    }

    private async Task<List<string>> Told(string key) =>
        [.. FoldOrder.Of(await crm.Store.ReadStream("main", StreamId.From("main", "opportunity", $"hist:{key}"), null, default), crm.Store.Types)
            .Select(e => $"{e.OccurredAt.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)} {e.TypeName} {e.Metadata.Actor}")];
}
