using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Imports;

/// <summary>An import over HTTP: files and a mapping are given, tried, taken in, fetched by what became of the rows, and taken back.</summary>
public sealed class ImportRunTests(CrmServer crm) : ImportRunSteps(crm)
{
    [Fact]
    public async Task Files_are_tried_then_taken_in_and_every_row_is_accounted_for()
    {
        var (id, mail) = await Set("account");
        var before = await Crm.Events();

        var tried = await Job(id, "dry-run");
        Counts(tried, "lead").ShouldBe((Created: 2, Attached: 1, Unchanged: 0, Failed: 2));
        (await Crm.Events()).ShouldBe(before);
        (await Lines(id, "unprocessed", "lead")).Length.ShouldBe(1 + 5);

        var run = await Job(id, "run");
        Counts(run, "lead").ShouldBe((2, 1, 0, 2));
        Counts(run, "customer").ShouldBe((2, 0, 0, 0));
        Counts(run, "opportunity").ShouldBe((2, 0, 0, 0));
        var least = run.GetProperty("position").GetString();
        (await Http.Read("opportunities", ("Crm-Min-Position", least))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(2);
        tried.GetProperty("position").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Import(id)).GetProperty("state").GetString().ShouldBe("imported");

        (await Lines(id, "succeeded", "lead"))[1..].Select(line => line.Split(',')[2]).ShouldBe(["created", "created", "attached"], ignoreOrder: true);
        var failed = await Lines(id, "failed", "lead");
        failed[0].ShouldBe("crm_line,crm_reason,crm_message,crm_field,id,met,company,contact,mail,size");
        failed[1].ShouldStartWith("4,bad-number,");
        failed[1].ShouldEndWith(",size,3,2026-02-03,Coil,Cy,,many");
        failed[2].ShouldStartWith("5,bad-date,");
        (await Lines(id, "unprocessed", "lead")).Length.ShouldBe(1);
        var lead = (await Http.Write("leads", new { source = "typed", email = mail })).Ok();
        lead.Status.ShouldBe(200, "it was known by the file");
    }

    [Fact]
    public async Task What_stands_in_the_files_is_told_and_a_mapping_proposed()
    {
        var (id, mail) = await Set("profiled");
        (await Http.Read($"imports/{id}/profile")).Status.ShouldBe(404);

        await Job(id, "profile");

        var profile = (await Http.Read($"imports/{id}/profile")).Ok().Body;
        var people = profile.GetProperty("files").EnumerateArray().Single(file => file.GetProperty("file").GetString() == "people.csv");
        people.GetProperty("rows").GetInt64().ShouldBe(5);
        Api.Imports.Mapping.Parse(profile.GetProperty("mapping").GetString()!.Replace("\"?\"", "\"EUR\"")).Source.ShouldBe("fair");
        (await Crm.TablesWith(mail)).ShouldBeEmpty();
        (await Import(id)).GetProperty("files").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Nobody_makes_his_facts_an_imports_by_the_name_of_his_request()
    {
        var (id, _) = await Set("spoofed");
        await Job(id, "run");
        var lead = (await Http.Write("leads", new { source = "typed", company = "Spoof" }, ("X-Request-Id", $"import-{id:N}"))).Ok();

        await Job(id, "undo");

        (await Http.Read($"leads/{lead.Id}")).Ok();
    }

    [Fact]
    public async Task Rows_that_failed_go_in_once_they_are_put_right_with_the_delimiter_of_the_mapping()
    {
        var id = await Make();
        var mapping = """{ "source": "again", "currency": "EUR", "delimiter": ";", "leads": { "file": "people.csv", "key": "id", "source": { "constant": "fair" }, "company": "company", "employees": "size" } }""";
        (await Send(HttpMethod.Put, $"imports/{id}/mapping", mapping, type: "application/json")).EnsureSuccessStatusCode();
        await File(id, "people.csv", "id;company;size\n-;=Acme;many\n-7;Bolt;30\n");
        Counts(await Job(id, "run"), "lead").ShouldBe((1, 0, 0, 1));

        var failed = string.Join("\r\n", await Lines(id, "failed", "lead"));
        failed.ShouldContain(";'=Acme;");
        var next = await Make();
        (await Send(HttpMethod.Put, $"imports/{next}/mapping", mapping, type: "application/json")).EnsureSuccessStatusCode();
        await File(next, "people.csv", failed.Replace("many", "31"));

        Counts(await Job(next, "run"), "lead").ShouldBe((1, 0, 0, 0));
        (await Http.Read($"leads/{Record(await Lines(next, "succeeded", "lead"), 1)}")).Ok()["company"].ShouldBe("=Acme");
    }

    [Fact]
    public async Task What_was_sent_lies_sealed()
    {
        var (id, mail) = await Set("sealed");
        (await Crm.TablesWith(mail)).ShouldBeEmpty();
        await Job(id, "run");
        (await Crm.TablesWith(mail)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_is_taken_back_and_what_others_worked_on_stays()
    {
        var (id, mail) = await Set("undone");
        var (leads, deals) = (await Total("leads"), await Total("opportunities"));
        await Job(id, "run");
        (await Total("leads")).ShouldBe(leads + 2);
        var touched = Record(await Lines(id, "succeeded", "opportunity"), 2);
        (await Http.Write($"opportunities/{touched}/assignment", new { rep = "rosa" })).Ok();

        var undone = await Job(id, "undo");

        var kept = undone.GetProperty("keptIds").EnumerateArray().Select(id => id.GetGuid()).ToList();
        kept.ShouldBe([touched, Record(await Lines(id, "succeeded", "customer"), 2)], ignoreOrder: true);
        (await Http.Read($"customers/{kept.Single(id => id != touched)}")).Ok();
        (await Http.Read($"customers/{Record(await Lines(id, "succeeded", "customer"), 1)}")).Status.ShouldBe(404);
        (await Import(id)).GetProperty("state").GetString().ShouldBe("undone");
        (await Total("leads")).ShouldBe(leads);
        (await Total("opportunities")).ShouldBe(deals + 1);
        (await Http.Write("leads", new { source = "typed", email = mail })).Status.ShouldBe(201, "nobody knows the address any more");
        (await Http.Read($"leads/{Record(await Lines(id, "succeeded", "lead"), 1)}")).Status.ShouldBe(404);

        var again = await Set("undone", mail);
        Counts(await Job(again.Id, "run"), "customer").ShouldBe((Created: 1, Attached: 0, Unchanged: 1, Failed: 0));
        (await Total("leads")).ShouldBe(leads + 2 + 1 - 1, "one is attached to the lead that was typed since");
    }

    [Fact]
    public async Task A_history_is_tried_taken_in_taken_back_and_taken_in_again()
    {
        var first = await SetHistory("history");
        var tried = await Job(first, "dry-run");
        var run = await Job(first, "run");
        tried.GetProperty("rows").ToString().ShouldBe(run.GetProperty("rows").ToString());
        Counts(run, "stage-history").ShouldBe((Created: 1, Attached: 0, Unchanged: 2, Failed: 1));
        (await Lines(first, "succeeded", "stage-history")).Length.ShouldBe(1 + 4);
        (await Lines(first, "failed", "stage-history"))[1].ShouldEndWith(",H2,soon,Offer,ben");
        (await Lines(first, "unprocessed", "stage-history")).Length.ShouldBe(1);
        var total = await Total("opportunities");

        (await Job(first, "undo")).GetProperty("kept").GetInt32().ShouldBe(0);
        (await Total("opportunities")).ShouldBe(total - 2);

        var again = await Job(await SetHistory("history"), "run");
        Counts(again, "stage-history").Failed.ShouldBe(1);
        (await Total("opportunities")).ShouldBe(total);
    }

    [Fact]
    public async Task What_is_missing_is_said_before_anything_begins()
    {
        var id = await Make();
        var bare = await Http.Write($"imports/{id}/run", new { });
        (bare.Status, bare["code"]).ShouldBe((422, "import.mapping"));
        var wrong = await Send(HttpMethod.Put, $"imports/{id}/mapping", """{ "source": "x", "currency": "EUR", "leads": {} }""", type: "application/json");
        ((int)wrong.StatusCode).ShouldBe(422);
        (await Send(HttpMethod.Put, $"imports/{id}/mapping", Mapping.Replace("SOURCE", "nothing"), type: "application/json")).EnsureSuccessStatusCode();
        var without = await Http.Write($"imports/{id}/run", new { });
        (without.Status, without["code"]).ShouldBe((422, "import.files"));
        (await Http.Write($"imports/{id}/undo", new { }))["code"].ShouldBe("import.not-run");
    }

    [Fact]
    public async Task A_column_that_is_missing_ends_the_job_before_anything_is_written()
    {
        var (id, _) = await Set("columns");
        (await Send(HttpMethod.Put, $"imports/{id}/files/deals.csv", "deal,customer\nD1,C1\n")).EnsureSuccessStatusCode();
        var before = await Crm.Events();

        var ended = await Ended(id, (await Http.Write($"imports/{id}/run", new { })).Ok().Id);

        ended.GetProperty("state").GetString().ShouldBe("failed");
        ended.GetProperty("trouble").GetString()!.ShouldContain("'opened'");
        (await Crm.Events()).ShouldBe(before);
        (await Import(id)).GetProperty("state").GetString().ShouldBe("stopped");
    }
}
