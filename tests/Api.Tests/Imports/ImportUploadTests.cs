using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Imports;

/// <summary>How files come in for an import: in parts, several at once, and under names that are names of files.</summary>
public sealed class ImportUploadTests(CrmServer crm) : ImportRunSteps(crm)
{
    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../master.key")]
    [InlineData("C:\\x.csv")]
    public async Task A_mapping_names_no_file_of_the_server(string file)
    {
        var id = await Make();
        var mapping = JsonSerializer.Serialize(new { source = "x", currency = "EUR", leads = new { file, key = "a", source = new { constant = "x" } } });
        ((int)(await Send(HttpMethod.Put, $"imports/{id}/mapping", mapping, type: "application/json")).StatusCode).ShouldBe(422);
    }

    [Fact]
    public async Task A_file_that_broke_off_goes_on_where_it_is()
    {
        var id = await Make();
        var first = await Send(HttpMethod.Put, $"imports/{id}/files/people.csv", "id,met,com", ("Upload-Complete", "?0"));
        (first.Headers.GetValues("Upload-Offset").Single(), first.Headers.GetValues("Upload-Complete").Single()).ShouldBe(("10", "?0"));

        (await Part(id, "pany\r\n", at: 7)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
        var next = await Part(id, "pany\r\n", at: 10, complete: true);

        next.Headers.GetValues("Upload-Offset").Single().ShouldBe("16");
        var file = (await Import(id)).GetProperty("files")[0];
        (file.GetProperty("size").GetInt64(), file.GetProperty("isComplete").GetBoolean()).ShouldBe((16, true));
        (await Part(id, "more", at: 16)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Several_files_come_as_a_form()
    {
        var id = await Make();
        using var form = new MultipartFormDataContent { { new StringContent("a,b\n1,2\n"), "any", "one.csv" }, { new StringContent("c\n3\n"), "other", "两.csv" } };

        var answer = await Http.PostAsync($"imports/{id}/files", form);

        answer.EnsureSuccessStatusCode();
        (await Import(id)).GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()).ShouldBe(["one.csv", "两.csv"]);
    }

    [Theory]
    [InlineData("imports/{id}/files/..%2Fx.csv", 400)]
    [InlineData("imports/{id}/files/a%0Ab.csv", 400)]
    [InlineData("imports/00000000-0000-0000-0000-000000000001/files/a.csv", 404)]
    public async Task Names_that_are_no_files_are_refused(string path, int status)
    {
        var id = await Make();
        ((int)(await Send(HttpMethod.Put, path.Replace("{id}", id.ToString()), "x")).StatusCode).ShouldBe(status);
    }
}
