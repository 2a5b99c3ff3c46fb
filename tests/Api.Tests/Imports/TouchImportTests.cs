using Crm.Api.Imports;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

public sealed class TouchImportTests : IAsyncLifetime
{
    private const string People = "id,name,mail\nL1,Ann Lee,ann@acme.example\nL2,Ann Lee,ann@acme.example\n";

    private const string Touches = """
        lead,when,what,who,text
        L1,2025-02-03 10:00:00,Anruf,ben,Ann wants a quote
        L1,2025-02-01 09:00:00,Mail,eve,
        L2,2025-02-04 10:00:00,Anruf,ben,Called again
        L1,2025-02-03 10:00:00,Anruf,ben,Ann wants a quote
        L9,2025-02-03 10:00:00,Anruf,ben,Nobody
        L1,2025-02-05 10:00:00,Fax,ben,?

        """;

    private const string Text = """
        {
          "source": "t", "currency": "EUR", "dates": ["yyyy-MM-dd HH:mm:ss"],
          "leads": { "file": "people.csv", "key": "id", "source": { "constant": "fair" }, "contact": "name", "email": "mail" },
          "touches": {
            "file": "touches.csv", "lead": "lead", "at": "when", "kind": { "column": "what", "map": { "Anruf": "Call", "Mail": "Mail" } },
            "direction": { "constant": "Outbound" }, "by": "who", "summary": "text"
          }
        }
        """;

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Tried_first_it_says_what_will_be()
    {
        using var files = new Folder().With("people.csv", People.Replace("L2,Ann Lee,ann@acme.example", "L2,Ben Ode,ben@bolt.example")).With("touches.csv", Touches);
        await crm.MustComeToWhatWasTried(files.Path, Mapping.Parse(Text));
    }

    [Fact]
    public async Task Touches_go_to_whom_they_were_with_and_their_text_is_sealed()
    {
        using var files = new Folder().With("people.csv", People).With("touches.csv", Touches);
        var report = await crm.Run(files.Path, Mapping.Parse(Text));

        var kind = report.Kinds.Single(kind => kind.Kind == "touch");
        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["lead.unknown"] = 1, ["unknown-value"] = 1 }, ignoreOrder: true);
        kind.Noted.ShouldBe(new Dictionary<string, int> { ["repeated"] = 1 });
        (await crm.Texts("select concat_ws(' ', headers->>'occurredAt', user_name) from mt_events where type = 'lead_touched' order by 1"))
            .Select(row => row[..10] + row[row.LastIndexOf(' ')..]).ShouldBe(["2025-02-01 t:eve", "2025-02-03 t:ben", "2025-02-04 t:ben"]);
        (await crm.Texts("select count(*) from mt_events where data::text ~ 'quote|again|Nobody'")).ShouldBe(["0"]);
        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);

        await crm.CatchUp([.. Catalog.All]);
        (await crm.Texts("select kind || ' ' || count(*) from crm.import_log group by kind order by 1")).ShouldBe(["touch 3"]);
    }

    [Fact]
    public async Task A_touch_may_be_with_an_opportunity()
    {
        using var files = new Folder().With("deals.csv", "id,amount\nD1,100\n").With("touches.csv", Touches.Replace("L1", "D1").Replace("lead,", "deal,"));
        await crm.Run(files.Path, Mapping.Parse(Text.Replace("""
            "leads": { "file": "people.csv", "key": "id", "source": { "constant": "fair" }, "contact": "name", "email": "mail" },
            """.Trim(), """
            "opportunities": { "file": "deals.csv", "key": "id", "pipeline": "standard", "name": "id", "opened": { "amount": "amount" } },
            """.Trim()).Replace("\"lead\": \"lead\"", "\"opportunity\": \"deal\"")));

        var stream = await crm.Store.ReadStream("main", StreamId.From("main", "opportunity", "t:D1"), null, default);
        stream.Count(e => e.Data is OpportunityTouched).ShouldBe(2);
        stream.Select(e => e.Data).OfType<OpportunityTouched>().Count(touch => touch.Summary is not null).ShouldBe(1);
    }
}
