using Crm.Api.Imports;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

public sealed class CampaignImportTests : IAsyncLifetime
{
    private const string Fairs = """
        code,title,created,from,until,budget,invoiced,costs,paid,rest
        F1,Hannover Messe,2025-01-10,2025-03-31,2025-04-04,40000,2025-02-01,12500.50,2025-04-10,0
        F2,Mailing,2025-01-11,,,,2024-12-20,100,,
        F3,Badly dated,2025-01-12,2025-05-02,2025-05-01,,,,,
        F4,No date of costs,2025-01-12,,,,,50,,

        """;

    private const string Text = """
        {
          "source": "k", "currency": "EUR",
          "campaigns": {
            "file": "fairs.csv", "key": "code", "name": "title", "at": "created", "startsOn": "from", "endsOn": "until", "budget": "budget",
            "spent": [{ "at": "invoiced", "amount": "costs" }, { "at": "paid", "amount": "rest" }]
          }
        }
        """;

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Tried_first_it_says_what_will_be()
    {
        using var files = Files(Fairs);
        await crm.MustComeToWhatWasTried(files.Path, Of(Text));
    }

    [Fact]
    public async Task Rows_become_campaigns_with_what_was_spent_at_its_own_time()
    {
        using var files = Files(Fairs);
        var kind = (await crm.Run(files.Path, Of(Text))).Kinds.Single();

        (kind.Rows, kind.New).ShouldBe((4, 2));
        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["campaign.dates"] = 1, ["undated"] = 1 }, ignoreOrder: true);
        await crm.CatchUp([.. Catalog.All]);
        (await crm.Texts("select concat_ws(' ', code, name, starts_on, budget, currency, spent) from crm.campaign_list order by code"))
            .ShouldBe(["F1 Hannover Messe 2025-03-31 40000.00 EUR 12500.50", "F2 Mailing EUR 100.00"]);
        (await crm.Texts("select left(headers ->> 'occurredAt', 10) from mt_events where type = 'campaign_spent' order by 1")).ShouldBe(["2024-12-20", "2025-02-01"]);
        (await crm.Run(files.Path, Of(Text))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_file_adds_what_it_says_more_and_is_not_believed_where_it_says_something_else()
    {
        using var files = Files(Fairs);
        await crm.Run(files.Path, Of(Text));
        files.With("fairs.csv", Fairs.Replace("2025-04-10,0", "2025-04-10,499.50").Replace("F2,Mailing,2025-01-11,,,,2024-12-20,100", "F2,Mailing,2025-01-11,2025-01-15,,,2024-12-20,100"));

        var kind = (await crm.Run(files.Path, Of(Text))).Kinds.Single();

        (kind.New, kind.Continued, kind.Events).ShouldBe((0, 2, 2));
        await crm.CatchUp([.. Catalog.All]);
        (await crm.Texts("select concat_ws(' ', code, starts_on, spent) from crm.campaign_list order by code")).ShouldBe(["F1 2025-03-31 13000.00", "F2 2025-01-15 100.00"]);
        (await crm.Run(files.Path, Of(Text))).Events.ShouldBe(0);

        files.With("fairs.csv", Fairs.Replace("12500.50", "12600.50").Replace("2024-12-20,100", "2024-12-21,100"));
        (await crm.Run(files.Path, Of(Text))).Kinds.Single().SetAside.ShouldBe(
            new Dictionary<string, int> { ["campaign.spend-known"] = 1, ["campaign.other-time"] = 1, ["campaign.dates"] = 1, ["undated"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Two_rows_of_one_code_are_one_campaign_and_one_that_is_listed()
    {
        using var files = new Folder().With("fairs.ndjson", """
            {"id":1,"code":"fair","title":"Fair"}
            {"id":2,"code":"ｆａｉｒ","title":"Another"}
            """);
        var kind = (await crm.Run(files.Path, Of("""
            { "source": "k", "currency": "EUR", "campaigns": { "file": "fairs.ndjson", "key": "id", "code": "code", "name": "title" } }
            """))).Kinds.Single();

        (kind.New, kind.SetAside["claim-taken"]).ShouldBe((1, 1));
    }

    private static Folder Files(string fairs) => new Folder().With("fairs.csv", fairs);

    private static Mapping Of(string text) => Mapping.Parse(text);
}
