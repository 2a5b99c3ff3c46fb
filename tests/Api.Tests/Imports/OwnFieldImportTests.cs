using Crm.Api.Imports;
using Crm.Api.Playbooks;
using Crm.Domain.Playbooks;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

/// <summary>Columns of a file become values of the fields that the playbook adds, read as the mapping says.</summary>
public sealed class OwnFieldImportTests : IAsyncLifetime
{
    private const string People = """
        id,visits,decided,urgent,colour
        1,"1.200,5",03.02.2026,Ja,red
        2,many,03.02.2026,Nein,red
        3,,,,green
        4,,,,

        """;

    private const string Said = """
        {
          "source": "fair", "currency": "EUR", "dates": ["dd.MM.yyyy"], "numbers": { "decimal": ",", "thousands": "." },
          "leads": {
            "file": "people.csv", "key": "id", "source": { "constant": "fair" },
            "custom": {
              "visits": "visits", "decidedOn": "decided", "isUrgent": { "column": "urgent", "map": { "Ja": "true", "Nein": "false" } },
              "colour": { "column": "colour", "ifMissing": "note" }
            }
          }
        }
        """;

    private static readonly PlaybookDocument Document = new("x", Fields:
    [
        new(FieldRecord.Lead, "visits", "Visits", FieldType.Number, Required: true),
        new(FieldRecord.Lead, "decidedOn", "Decided", FieldType.Date),
        new(FieldRecord.Lead, "isUrgent", "Urgent", FieldType.Boolean),
        new(FieldRecord.Lead, "colour", "Colour", FieldType.Choice, ["red", "blue"])
    ]);

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task They_come_in_normal_form_and_what_cannot_be_one_is_told_by_row()
    {
        await Publish();
        using var files = new Folder().With("people.csv", People);
        (await crm.Try(files.Path, Mapping.Parse(Said))).Kinds[0].SetAside.ShouldBe(
            new Dictionary<string, int> { ["bad-number"] = 1, ["unknown-value"] = 1 }, ignoreOrder: true);
        await crm.Run(files.Path, Mapping.Parse(Said));
        await crm.CatchUp(Catalog.Leads, Catalog.ImportLog);

        (await crm.Texts("select concat(external_id, ' ', custom) from crm.lead_list order by 1"))
            .ShouldBe(["""1 {"colour": "red", "visits": "1200.5", "isUrgent": "true", "decidedOn": "2026-02-03"}""", "4 "]);
        (await crm.Texts("select concat_ws(' ', key, reason, message) from crm.import_log order by 1")).ShouldContain(
            "3 unknown-value What stands in colour cannot be custom.colour: Colour is one of 'red', 'blue'.");
        (await crm.Run(files.Path, Mapping.Parse(Said))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task A_field_that_the_playbook_does_not_have_stops_the_import_before_it_begins()
    {
        using var files = new Folder().With("people.csv", People);

        var problem = await Should.ThrowAsync<ImportProblem>(() => crm.Run(files.Path, Mapping.Parse(Said)));
        problem.Message.ShouldStartWith("The playbook adds no field 'visits' to records of the kind lead;");
        (await crm.Texts("select count(*) from mt_events where type like 'lead_%'")).ShouldBe(["0"]);
    }

    private async Task Publish()
    {
        var (stream, call) = (CurrentPlaybook.StreamOf("main"), new Call(Caller.Developer, null, null, null, null, "test"));
        await crm.Commands.Send(PlaybookDecider.Instance, stream, new SavePlaybookDraft(Document), call, default);
        var publish = new PublishPlaybook(DateTimeOffset.UtcNow, Zones.Tzdb, TemplateLanguage.Handlebars);
        await crm.Commands.Send(PlaybookDecider.Instance, stream, publish, call, default);
    }
}
