using System.Text;
using Crm.Api.Tests.Journeys;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Contract;

/// <summary>What the program keeps for itself cannot be written by anybody: no body takes it, and it is not passed over in silence either.</summary>
public sealed class MassAssignmentTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    private static readonly string[] Kept =
    [
        "tenant", "tenantId", "tenant_id", "version", "position", "createdBy", "created_by", "actor", "recordedAt", "isAdmin", "rights", "status", "openedAt", "closedAt", "hash", "__proto__"
    ];

    [Fact]
    public async Task No_body_takes_what_is_the_programs_own()
    {
        var form = (await crm.Http.Write("forms", new { name = "Contact", source = "web", perMinute = 6000 })).Ok()["key"]!;
        var before = await crm.Events();
        var document = new ApiDocument((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
        var sent = 0;
        foreach (var (method, template, operation) in document.Operations.Where(o => o.Operation.TryGetProperty("requestBody", out _)))
        {
            var path = template.Replace("{id}", Guid.Empty.ToString()).Replace("{job}", Guid.Empty.ToString()).Replace("{attachment}", Guid.Empty.ToString()).Replace("{system}", "x").Replace("{number}", "1").Replace("{automation}", "look-after-leads").Replace("{subject}", Guid.Empty.ToString()).Replace("{externalId}", "x").Replace("{key}", form);
            if (!operation.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out var content) || operation.GetProperty("operationId").GetString() == "mapImport")
            {
                continue;           // bytes of a file; and a mapping, whose members are looked at by whoever reads mappings
            }

            var given = content.TryGetProperty("example", out var example) ? example.EnumerateObject().Select(m => $"\"{m.Name}\":{m.Value.GetRawText()},") : [];
            foreach (var member in Kept)
            {
                using var message = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path);
                message.Content = new StringContent($"{{{string.Concat(given)}\"{member}\":\"x\"}}", Encoding.UTF8, "application/json");
                var answer = await crm.Http.SendAsync(message);
                var refusal = await new Reply(answer, await answer.Content.ReadAsStringAsync()).Refused();
                refusal.Status.ShouldBe(400, $"{method} {path} {member}");
                refusal.Errors.ShouldContain(e => e.Where == $"/{member}" && e.Code == "unknown-member", $"{method} {path}");
                sent++;
            }
        }

        output.WriteLine($"{sent} members refused");
        sent.ShouldBeGreaterThan(500);
        (await crm.Events()).ShouldBe(before);
    }
}
