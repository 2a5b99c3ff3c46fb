using System.Text.Json;
using Crm.Api.Tests.Imports;
using Crm.Api.Tests.Journeys;
using Crm.Domain;
using CsvHelper;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Scoring;

/// <summary>
/// Leads that others published, imported by the mapping that ships for a playbook that has fields for what the file says, and learned from.
/// </summary>
public sealed class XEducationTests(CrmServer crm, ITestOutputHelper output) : ImportRunSteps(crm)
{
    [Fact]
    public async Task Leads_of_a_file_foretell_who_converts()
    {
        if (SharedData.Find("x-education-leads") is not { } folder)
        {
            output.WriteLine("Skipped: there is no shared/data/x-education-leads beside the repository.");
            return;
        }

        var file = Path.Combine(folder, "Leads.csv");
        (await Http.Put("playbook/draft", await Sample("playbooks", "x-education.json"))).Ok();
        (await Http.Write("playbook/publication", new { })).Ok();
        var import = await Make();
        var mapping = await Sample("mappings", "x-education-with-fields.json");
        (await Send(HttpMethod.Put, $"imports/{import}/mapping", mapping, type: "application/json")).EnsureSuccessStatusCode();
        await File(import, "Leads.csv", await System.IO.File.ReadAllTextAsync(file));
        Counts(await Job(import, "run"), "lead").Created.ShouldBe(9_240);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForEachAsync(Converted(file), atOnce, async (lead, _) => await Decide(lead.Key, lead.Value));

        await Train([], least: 0.89);
        await Train(["custom.lastActivity"], least: 0.865);
    }

    // As well as in tests/Domain.Tests, where the file is read as it is.
    private async Task Train(string[] leaveOut, double least)
    {
        var result = await ScoringSteps.Train(Http, new { leaveOut });
        var card = (await Http.Read($"scoring/models/{result.GetProperty("modelId")}")).Ok().Body;

        output.WriteLine(result.ToString());
        output.WriteLine($"read: {card.GetProperty("used")}; left: {card.GetProperty("left")}; to decide: {card.GetProperty("toDecide")}");
        (result.GetProperty("examples").GetInt32(), result.GetProperty("positives").GetInt32()).ShouldBe((9_240, 3_561));
        result.GetProperty("rocAuc").GetDouble().ShouldBeInRange(least, 0.93);
        result.GetProperty("calibrationError").GetDouble().ShouldBeLessThanOrEqualTo(0.03);
        card.GetProperty("left").EnumerateArray().Count(left => left.GetProperty("reason").GetString() == "not-known-at-capture")
            .ShouldBe(8);
    }

    private static Task<string> Sample(string folder, string name) =>
        System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "samples", folder, name));

    private async Task Decide(string key, bool converted)
    {
        var lead = StreamId.From("main", "lead", $"x-education:{key}");
        (converted
            ? await Http.Write(
                $"leads/{lead}/qualification", new { opportunityName = "Course", amount = Talk.Money(1m, "INR"), customerName = key })
            : await Http.Write($"leads/{lead}/disqualification", new { reason = "not converted" })).Ok();
    }

    private static Dictionary<string, bool> Converted(string file)
    {
        using var csv = CsvReader.Create(System.IO.File.OpenRead(file), new CsvReaderOptions { HasHeader = false });
        var lines = new List<string[]>();
        while (csv.Read())
        {
            lines.Add([.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i)!)]);
        }

        var (key, converted) = (Array.IndexOf(lines[0], "Prospect ID"), Array.IndexOf(lines[0], "Converted"));
        return lines.Skip(1).ToDictionary(line => line[key], line => line[converted] == "1");
    }
}
