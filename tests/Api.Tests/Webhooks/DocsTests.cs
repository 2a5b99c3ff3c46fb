using System.Text.RegularExpressions;
using Crm.Api.Outside;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Api.Webhooks.Sending;

namespace Crm.Api.Tests.Webhooks;

/// <summary>What docs/api/webhooks.md shows works as it stands there.</summary>
public sealed class DocsTests(WebhookServer crm) : IClassFixture<WebhookServer>
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Http.DocsTests.Root(), "docs", "api", "webhooks.md"));

    [FactWith("node")]
    public async Task The_lines_that_verify_a_signature_take_what_we_send_and_nothing_else()
    {
        var (_, secret) = await crm.Http.Hook(crm.Receiver, "/docs");
        await crm.Http.Lead("恒测");
        var got = (await crm.Receiver.At("/docs", 1)).Single();
        var now = $"""
            const headers = {"{"} "webhook-id": "{got.Id}", "webhook-timestamp": "{got.Timestamp}", "webhook-signature": "{got.Signature}" {"}"};
            const body = Buffer.from("{Convert.ToBase64String(got.Body)}", "base64");
            const told = [
              verify("{secret}", headers, body),
              verify("whsec_{Convert.ToBase64String(new byte[32])}", headers, body),
              verify("{secret}", headers, Buffer.concat([body, Buffer.from(" ")])),
              verify("{secret}", {"{"} ...headers, "webhook-timestamp": "{got.Timestamp - 1000}" {"}"}, body),
              verify("{secret}", {"{"} ...headers, "webhook-signature": "v1,AAAA v1a,BBBB " + headers["webhook-signature"] {"}"}, body)
            ];
            console.log(JSON.stringify(told));
            """;
        var script = Path.Combine(Path.GetTempPath(), $"verify-{Guid.NewGuid():N}.mjs");
        await File.WriteAllTextAsync(script, Regex.Match(Page, "```js\n(.*?)```", RegexOptions.Singleline).Groups[1].Value + now);
        try
        {
            var (exit, said) = await Node.Run("node", [script]);

            (exit, said.Trim()).ShouldBe((0, "[true,false,false,false,true]"));
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public void The_table_of_repeats_is_the_schedule()
    {
        var row = Regex.Match(Page, @"^\| after \| (.*) \|$", RegexOptions.Multiline).Groups[1].Value.Split(" | ");

        row.ShouldBe(Schedule.Pauses.Select(pause => pause switch
        {
            { TotalHours: >= 1 } => $"{pause.TotalHours} h",
            { TotalMinutes: >= 1 } => $"{pause.TotalMinutes} min",
            _ => $"{pause.TotalSeconds} s"
        }));
    }
}
