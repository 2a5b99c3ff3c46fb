using Crm.Api.Imports;
using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

public sealed class ContactImportTests : IAsyncLifetime
{
    private const string Companies = "number,name\nC1,Acme\n";

    private const string People = """
        id,company,name,mail,phone,title,function,since
        P1,C1,Ann Lee,ann@acme.example,,Head of purchasing,Einkauf,2025-02-03
        P2,C1,Ben Ode,,+49 30 901820,,Leitung,2025-02-04
        P3,C9,Cy Moe,,,,,2025-02-05
        P4,,Di Fox,,,,,2025-02-05
        P5,C1,,,,,,2025-02-05
        P6,C1,Eve Gil,,,,Chef,2025-02-05

        """;

    private const string Text = """
        {
          "source": "k", "currency": "EUR",
          "customers": { "file": "companies.csv", "key": "number", "name": "name" },
          "contacts": {
            "file": "people.csv", "key": "id", "at": "since", "customer": "company", "name": "name", "email": "mail", "phone": "phone", "title": "title",
            "buyingRole": { "column": "function", "map": { "Einkauf": "Buyer", "Leitung": "DecisionMaker" } }
          }
        }
        """;

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Tried_first_it_says_what_will_be()
    {
        using var files = Files(People);
        await crm.MustComeToWhatWasTried(files.Path, Mapping.Parse(Text));
    }

    [Fact]
    public async Task Rows_become_people_at_customers_and_what_they_say_of_persons_is_sealed()
    {
        using var files = Files(People);
        var report = await crm.Run(files.Path, Mapping.Parse(Text));

        var kind = report.Kinds.Single(kind => kind.Kind == "contact");
        (kind.Rows, kind.New).ShouldBe((6, 3));
        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["no-customer"] = 1, ["no-name"] = 1, ["unknown-value"] = 1 }, ignoreOrder: true);
        kind.Noted.ShouldBe(new Dictionary<string, int> { ["customer-unknown"] = 1 });
        await crm.CatchUp([.. Catalog.All]);
        (await crm.Texts("""
            select concat_ws(' ', external_id, c.name, title, buying_role, to_char(p.registered_at at time zone 'UTC', 'YYYY-MM-DD'))
            from crm.contact_list p left join crm.customer_list c using (customer_id) order by external_id
            """)).ShouldBe(["P1 Acme Head of purchasing buyer 2025-02-03", "P2 Acme decision-maker 2025-02-04", "P3 2025-02-05"]);
        (await crm.Texts("select count(*) from mt_events where data::text ~* 'ann lee|ben ode|acme[.]example|90182'")).ShouldBe(["0"]);
        var ben = await Details("P2");
        ((await crm.Sealer.Open("main", ben.Name.Sealed, default)), await crm.Sealer.Open("main", ben.Phone!.Sealed, default)).ShouldBe(("Ben Ode", "+4930901820"));

        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_file_adds_what_it_says_more_and_is_not_believed_where_it_says_something_else()
    {
        using var files = Files(People);
        await crm.Run(files.Path, Mapping.Parse(Text));
        files.With("people.csv", People.Replace("P1,C1,Ann Lee,ann@acme.example,,", "P1,C1,Ann Lee,ann@acme.example,+49 30 901821,").Replace("P2,C1,Ben Ode,,+49 30 901820", "P2,C1,Ben Ode,,+49 30 901829"));

        var report = await crm.Run(files.Path, Mapping.Parse(Text));

        var kind = report.Kinds.Single(kind => kind.Kind == "contact");
        (kind.New, kind.Continued, kind.Unchanged, kind.SetAside["contact.registered"]).ShouldBe((0, 1, 1, 1));
        (await crm.Sealer.Open("main", (await Details("P1")).Phone!.Sealed, default)).ShouldBe("+4930901821");
        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_person_cleared_stays_cleared_when_the_file_that_said_it_comes_again()
    {
        using var files = Files(People);
        await crm.Run(files.Path, Mapping.Parse(Text));
        files.With("people.csv", People.Replace("P1,C1,Ann Lee,ann@acme.example,,", "P1,C1,Ann Lee,ann@acme.example,+49 30 901821,"));
        await crm.Run(files.Path, Mapping.Parse(Text));
        await crm.Commands.Send(
            ContactDecider.Instance, Contact("P1"), new ChangeContact(Cleared: ["phone"]), new Call(Caller.Developer, null, null, null, null, "api"), default);

        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);

        (await Details("P1")).Phone.ShouldBeNull();
    }

    [Fact]
    public async Task A_file_brings_nobody_back_who_was_forgotten()
    {
        using var files = Files(People);
        await crm.Run(files.Path, Mapping.Parse(Text));
        await crm.Texts("delete from crm.person_key returning 1");
        await using var later = await crm.Again();
        files.With("people.csv", People.Replace("P1,C1,Ann Lee,ann@acme.example,,", "P1,C1,Ann Lee,ann@acme.example,+49 30 901821,"));

        (await later.Run(files.Path, Mapping.Parse(Text))).Kinds.Single(kind => kind.Kind == "contact").Continued.ShouldBe(0);

        (await later.Texts("select count(*) from mt_events where type = 'contact_changed'")).ShouldBe(["0"]);
        (await later.Texts("select count(*) from crm.person_key")).ShouldBe(["0"], "nothing of theirs is sealed again");
    }

    [Fact]
    public async Task A_key_that_is_a_mail_address_is_kept_nowhere()
    {
        using var files = new Folder().With("people.ndjson", """
            {"company":"C1","mail":"ann@acme.example","person":{"name":"Ann Lee"}}
            {"company":"C1","mail":"ben@acme.example","person":{"name":"Ben Ode"}}
            """);
        var mapping = Mapping.Parse("""
            {
              "source": "k", "currency": "EUR",
              "contacts": { "file": "people.ndjson", "key": "mail", "customer": "company", "name": "person.name", "email": "mail" }
            }
            """);

        (await crm.Run(files.Path, mapping)).Kinds[0].New.ShouldBe(2);

        (await crm.Texts("select count(*) from mt_events where data::text ~* 'ann lee|ann@|ben@'")).ShouldBe(["0"]);
        (await crm.Texts("select count(*) from mt_events where data ? 'externalId'")).ShouldBe(["0"]);
        (await crm.Run(files.Path, mapping)).Events.ShouldBe(0);
    }

    private static Folder Files(string people) => new Folder().With("companies.csv", Companies).With("people.csv", people);

    private async Task<ContactRegistered> Details(string key) =>
        (await crm.Commands.Latest(ContactDecider.Instance, "main", Contact(key), default)).State.Details!;

    private static Guid Contact(string key) => StreamId.From("main", "contact", $"k:{key}");
}
