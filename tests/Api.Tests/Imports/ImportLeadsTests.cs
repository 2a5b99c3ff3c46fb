using Crm.Api.Imports;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Projections;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Imports;

public sealed class ImportLeadsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string People = """
        id,met,company,first,last,mail,size,rep
        7,03/02/2026,"Acme, Inc.",Ann,Lee,ann@acme.example,120,rosa
        8,03/02/2026,Bolt,Ben,Ode,ben@bolt.example,many,

        """;

    private const string Dated = """
        {
          "source": "fair", "currency": "EUR", "dates": ["MM/dd/yyyy"],
          "leads": {
            "file": "people.csv", "key": "id", "at": "met", "source": { "constant": "fair" }, "company": "company",
            "contact": { "template": "{first} {last}" }, "email": "mail", "employees": "size", "rep": "rep"
          }
        }
        """;

    private static readonly string Undated = Dated.Replace("\"at\": \"met\", ", "");
    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_known_of_a_person_is_sealed_wherever_it_goes()
    {
        using var files = new Folder().With("people.csv", People);
        await crm.Run(files.Path, Mapping.Parse(Dated));
        await crm.CatchUp([.. Catalog.All]);

        (await crm.Texts("select concat_ws(' | ', company, rep, employees, external_id) from crm.lead_list")).ShouldBe(["Acme, Inc. | rosa | 120 | 7"]);
        (await crm.Sealer.Open("main", (await crm.Texts("select contact from crm.lead_list"))[0], default)).ShouldBe("Ann Lee");
        (await crm.Texts("select concat_ws(' ', line, key, reason, message) from crm.import_log"))
            .ShouldBe(["3 8 bad-number What stands in size is not a number written as the mapping says."]);
        (await crm.Texts("select count(*) from mt_events where data::text ~ 'Lee|acme.example|Ode|bolt.example'")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task The_same_person_told_again_is_nothing_new_and_another_one_is_listed()
    {
        using var files = new Folder().With("people.csv", People);
        await crm.Run(files.Path, Mapping.Parse(Dated));
        (await crm.Run(files.Path, Mapping.Parse(Dated))).Events.ShouldBe(0);

        files.With("people.csv", People.Replace("ann@acme.example", "ann@other.example"));
        var report = await crm.Run(files.Path, Mapping.Parse(Dated));

        report.Kinds[0].SetAside["lead.captured"].ShouldBe(1);
        (await crm.Texts("select count(*) from mt_events where type like 'lead_%'")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task What_has_no_date_takes_back_nothing_that_was_done_since()
    {
        using var files = new Folder().With("people.csv", People);
        await crm.Run(files.Path, Mapping.Parse(Undated));
        var lead = StreamId.From("main", "lead", "fair:7");
        await crm.Commands.Send(LeadDecider.Instance, lead, new AssignLead("carl"), new Call(Caller.Developer, null, null, null, null, "test"), default);

        (await crm.Run(files.Path, Mapping.Parse(Undated))).Events.ShouldBe(0);
        var stream = await crm.Store.ReadStream("main", lead, null, default);
        stream.Select(e => (e.TypeName, e.Metadata.Undated, e.Metadata.Source))
            .ShouldBe([("lead_captured", true, "import"), ("lead_assigned", true, "import"), ("lead_assigned", false, "test")]);
    }

    [Theory]
    [InlineData("deal", "true")]
    [InlineData("deal", "false")]
    [InlineData("mail", "true")]
    public async Task A_mail_address_by_which_deals_name_their_lead_stands_nowhere_in_clear(string key, string withLeads)
    {
        const string Deals = """
            deal,mail,name,worth,day
            D1,ann@acme.example,First,100,03/02/2026
            D2,gone@acme.example,Second,much,03/02/2026
            D3,lost@acme.example,Third,300,03/02/2026

            """;
        var leads = withLeads == "true" ? """ "leads": { "file": "people.csv", "key": "mail", "source": { "constant": "fair" }, "email": "mail" },""" : "";
        using var files = new Folder().With("people.csv", People).With("deals.csv", Deals);
        await crm.Run(files.Path, Mapping.Parse($$"""
            {
              "source": "fair", "currency": "EUR", "dates": ["MM/dd/yyyy"], {{leads}}
              "opportunities": {
                "file": "deals.csv", "key": "{{key}}", "pipeline": "standard", "name": "name", "source": { "constant": "fair" }, "lead": "mail",
                "opened": { "at": "day", "amount": "worth" }
              }
            }
            """));
        await crm.CatchUp([.. Catalog.All]);

        (await crm.Texts("select name from crm.opportunity_list order by 1")).ShouldBe(["First", "Third"]);
        (await crm.Texts("select count(*) from crm.import_log where reason in ('bad-number', 'lead-unknown')")).ShouldNotBe(["0"]);
        foreach (var table in await crm.Texts("select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 'crm')"))
        {
            (await crm.Texts($"select x::text from {table} x where x::text ~ '(ann|gone|lost)@acme.example'")).ShouldBeEmpty(table);
        }
    }

    [Fact]
    public async Task A_mail_address_that_serves_as_key_is_not_shown()
    {
        using var files = new Folder().With("people.csv", People);
        await crm.Run(files.Path, Mapping.Parse(Dated.Replace("\"key\": \"id\"", "\"key\": \"mail\"")));
        await crm.CatchUp(Catalog.ImportLog);

        (await crm.Texts("select count(*) from mt_events where data::text ~ 'acme.example|bolt.example'")).ShouldBe(["0"]);
        (await crm.Texts("select key from crm.import_log")).ShouldBe([StreamId.From("main", "lead", "fair:ben@bolt.example").ToString()]);
    }

    [Fact]
    public async Task The_leads_of_X_Education_go_in_without_a_date()
    {
        if (SharedData.Find("x-education-leads") is not { } folder)
        {
            output.WriteLine("Skipped: there is no shared/data/x-education-leads beside the repository.");
            return;
        }

        var report = await crm.Run(folder, Mapping.Shipped("x-education"));
        output.WriteLine($"{report.Events} events in {report.Took.TotalSeconds:0.0} s");
        await crm.CatchUp(Catalog.Leads);

        (report.Kinds[0].Rows, report.Kinds[0].New, report.Events).ShouldBe((9240, 9240, 9240));
        (await crm.Texts("select count(*) from crm.lead_list where source = 'google' or industry = 'Select'")).ShouldBe(["0"]);
        (await crm.Texts("select count(*) from crm.lead_list where source = 'Google'")).ShouldBe(["2873"]);
        (await crm.Run(folder, Mapping.Shipped("x-education"))).Events.ShouldBe(0);
    }
}
