using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Tests.Journeys;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Contract;

/// <summary>Nothing that clients of the released document build on goes away. <c>CRM_RENEW_CONTRACT=1</c> takes additions over into it.</summary>
public sealed class ReleasedTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    private static readonly string[] Prose = ["description", "summary", "example", "title"];

    private static readonly string Approved = Path.Combine(Node.Folder, "openapi.approved.json");

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task No_client_of_the_released_document_is_broken()
    {
        var served = WithoutProse((await crm.Http.Read("/openapi/v1.json")).Ok().Text);
        var released = JsonNode.Parse(await File.ReadAllTextAsync(Approved))!;

        BreakingChanges.Between(released, served).ShouldBeEmpty("A change that breaks clients needs a new version: docs/api/versions.md");

        if (Environment.GetEnvironmentVariable("CRM_RENEW_CONTRACT") is "1")
        {
            await File.WriteAllTextAsync(Approved, served.ToJsonString(Readable) + "\n");
        }
        else if (!JsonNode.DeepEquals(released, served))
        {
            output.WriteLine("The document has additions; CRM_RENEW_CONTRACT=1 takes them into tests/Contract/openapi.approved.json.");
        }
    }

    // Words may change at any time; what is called so itself, such as a member of a record, stays.
    private static JsonNode WithoutProse(string json)
    {
        var root = JsonNode.Parse(json)!;
        Strip(root, isNamed: false);
        return root;

        static void Strip(JsonNode? node, bool isNamed)
        {
            if (node is JsonArray list)
            {
                foreach (var item in list)
                {
                    Strip(item, isNamed: false);
                }
            }

            if (node is not JsonObject members)
            {
                return;
            }

            foreach (var name in isNamed ? [] : Prose)
            {
                members.Remove(name);
            }

            foreach (var (name, member) in members)
            {
                Strip(member, isNamed: name is "properties" && !isNamed);
            }
        }
    }
}
