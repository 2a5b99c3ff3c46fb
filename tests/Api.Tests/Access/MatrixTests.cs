using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Api.Access;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Access;
using Crm.Domain.Tasks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Access;

/// <summary>Every operation of the program against everybody who must not use it: the right refusal, nothing told, nothing written.</summary>
public sealed partial class MatrixTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    private static readonly SemaphoreSlim Once = new(1);
    private static (HttpClient Admin, HttpClient Other, Dictionary<string, string> Foreign)? _stage;

    [Fact]
    public void Every_endpoint_says_who_may_use_it_and_the_document_holds_it()
    {
        var silent = Endpoints().Where(e => e.Metadata.GetMetadata<Needs>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(e => e.RoutePattern.RawText);
        var open = Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => e.RoutePattern.RawText!.Trim('/'));

        silent.ShouldBeEmpty();
        open.Where(path => path.StartsWith("api/", StringComparison.Ordinal)).ShouldBeEmpty("nothing of a tenant is open to everybody");
        Endpoints().Select(e => e.Metadata.GetMetadata<Needs>()?.Function).OfType<string>().Except(Functions.All).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_comes_in_without_a_credential_or_with_a_bad_or_revoked_one()
    {
        var (admin, _, _) = await Stage();
        var issued = (await admin.Write("api-keys", new { name = "lost" })).Ok();
        (await admin.Write($"api-keys/{issued["id"]}/revocation", new { })).Ok();
        using var nobody = crm.With(null);
        using var forger = crm.With("crm_matrix-one_aaaaaaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using var thief = crm.With(issued["key"]);
        var before = await Settled();
        var told = 0;

        foreach (var operation in await Operations())
        {
            foreach (var client in (HttpClient[])[nobody, forger, thief])
            {
                var reply = await Ask(client, operation, NewIds);
                reply.Status.ShouldBe(401, $"{operation.Id}: {reply.Text}");
                told++;
            }
        }

        output.WriteLine($"{told} requests refused");
        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task Nobody_does_what_his_role_does_not_hold()
    {
        var (admin, _, _) = await Stage();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/nothing") { Content = new StringContent("""{"functions":[],"scope":"all"}""", System.Text.Encoding.UTF8, "application/json") };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        (await admin.Write("members", new { id = "nothing", role = "nothing" })).Ok();
        using var keyOfNothing = crm.With((await admin.Write("api-keys", new { name = "n", member = "nothing" })).Ok()["key"]);
        var before = await Settled();
        var operations = (await Operations()).Where(o => o.Id is not ("getMe" or "sendBatch")).ToList();

        foreach (var operation in operations)
        {
            (await Ask(keyOfNothing, operation, NewIds)).Status.ShouldBe(403, operation.Id);
        }

        output.WriteLine($"{operations.Count} operations refused");
        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_anothers_answers_to_the_byte_as_what_never_was()
    {
        var (_, other, foreign) = await Stage();
        var before = await Settled();
        var operations = (await Operations()).Where(o => o.Path.Contains('{')).ToList();
        operations.Count.ShouldBeGreaterThan(30);

        foreach (var operation in operations)
        {
            var theirs = await Ask(other, operation, name => foreign[KindOf(operation, name)]);
            var nobodys = await Ask(other, operation, name => NewIds(name));

            theirs.Status.ShouldBe(
                operation.Id switch
                {
                    "defineRole" => 201,
                    "upsertCustomerByExternalId" => 400,
                    "upsertTicketByExternalId" => 422,
                    _ => 404
                },
                $"{operation.Id}: {theirs.Text}");
            if (operation.Id is not "defineRole")
            {
                Plain(theirs).ShouldBe(Plain(nobodys), operation.Id);
            }
        }

        output.WriteLine($"{operations.Count} operations with a foreign id");
        (await crm.Events()).ShouldBe(before + 2, "the two roles that the other tenant defined for itself");
    }

    [Fact]
    public async Task Lists_and_figures_of_one_tenant_hold_nothing_of_another()
    {
        var (_, other, foreign) = await Stage();

        foreach (var operation in (await Operations()).Where(o => o.Method == "GET" && !o.Path.Contains('{') && o.Id is not ("getMe" or "listRoles" or "compareForecasts" or "getCurrentForecast")))
        {
            var reply = (await Ask(other, operation, NewIds)).Ok();
            foreign.Values.Where(id => reply.Text.Contains(id)).ShouldBeEmpty(operation.Id);
        }
    }

    internal static string NewIds(string name) => name switch
    {
        "id" or "job" or "attachment" or "subject" => Guid.CreateVersion7().ToString(),
        "version" => "1",
        "number" => "10000020",
        _ => "nothing-of-the-kind"
    };

    private static string KindOf(Operation operation, string name) => name == "id" ? operation.Path.Split('/')[3] : name;

    // What tells one request from another is not the answer's fault.
    private static (int, string, string) Plain(Reply reply) => (
        reply.Status, RequestsOwn().Replace(reply.Text, ""),
        string.Join('\n', reply.Message.Headers.Where(h => h.Key.ToLowerInvariant() is not ("request-id" or "date") && !h.Key.Contains("RateLimit", StringComparison.OrdinalIgnoreCase)).Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order()));

    internal static async Task<Reply> Ask(HttpClient client, Operation operation, Func<string, string> id)
    {
        var path = Parameter().Replace(operation.Path, match => Uri.EscapeDataString(id(match.Groups[1].Value)))[1..];
        using var message = new HttpRequestMessage(new HttpMethod(operation.Method), new Uri(client.BaseAddress!, "/" + path));
        if (operation.Method is not "GET")
        {
            Bodies.ShouldContainKey(operation.Id, $"say here what a well-formed {operation.Id} holds");
            message.Content = new StringContent(JsonSerializer.Serialize(Bodies[operation.Id]), System.Text.Encoding.UTF8, "application/json");
            if (operation.Id == "correctOpportunity")
            {
                message.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            }
        }

        return await client.Ask(message);
    }

    // Some of what was set up has automations write something a moment later, which is not what is counted.
    private async Task<long> Settled()
    {
        long before;
        do
        {
            before = await crm.Events();
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
        while (await crm.Events() != before);

        return before;
    }

    private async Task<IReadOnlyList<Operation>> Operations()
    {
        using var document = JsonDocument.Parse(await crm.Http.GetStringAsync(new Uri(crm.Http.BaseAddress!, "/openapi/v1.json")));
        var operations = new ApiDocument(document.RootElement).Operations
            .Where(o => o.Template.StartsWith("/api/", StringComparison.Ordinal))
            .Select(o => new Operation(o.Operation.GetProperty("operationId").GetString()!, o.Method.ToUpperInvariant(), o.Template)).ToList();
        // QUERY of a list is its search under another method, for which OpenAPI 3.1 has no word.
        var routed = Endpoints().Count(e => e.RoutePattern.RawText!.Contains("/api/v1/", StringComparison.Ordinal)
            && e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is not ["QUERY"]);
        operations.Count.ShouldBe(routed, "the document holds every operation that is routed");
        output.WriteLine($"{operations.Count} operations");
        return operations;
    }

    private IReadOnlyList<RouteEndpoint> Endpoints() =>
        [.. crm.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Two tenants, one of which has one of everything.</summary>
    private async Task<(HttpClient Admin, HttpClient Other, Dictionary<string, string> Foreign)> Stage()
    {
        await Once.WaitAsync();
        try
        {
            return _stage ??= await Set();
        }
        finally
        {
            Once.Release();
        }
    }

    private async Task<(HttpClient, HttpClient, Dictionary<string, string>)> Set()
    {
        var (admin, other) = (await crm.Tenant("matrix-one"), await crm.Tenant("matrix-other"));
        var lead = (await admin.Write("leads", new { source = "web" })).Ok().Id;
        var customer = (await admin.Write("customers", new { name = "Their customer" })).Ok().Id;
        (await admin.Write($"customers/{customer}/external-ids", new { system = "their-erp", externalId = "their-number" })).Ok();
        var opportunity = (await admin.Open()).Id;
        (await admin.Write("teams", new { id = "their-team", name = "x" })).Ok();
        (await admin.Write("members", new { id = "their-member", role = "rep" })).Ok();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/their-role") { Content = new StringContent("""{"functions":["leads.read"],"scope":"own"}""", System.Text.Encoding.UTF8, "application/json") };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        var key = (await admin.Write("api-keys", new { name = "x", member = "their-member" })).Ok();
        var theirs = await admin.History($"leads/{lead}");
        var channel = (await admin.Write("channels", new { kind = "wecom", name = "g", url = "https://127.0.0.1:9/send?key=k" })).Ok().Id;
        var message = Guid.CreateVersion7();
        await crm.Sql($"insert into crm.message (tenant_id, message_id, channel_id, kind, recipient, made_at, due_at, state) values ('matrix-one', '{message}', '{channel}', 'alert', 'admin', now(), now(), 'failed')");
        var webhook = (await admin.Write("webhooks", new { url = "https://127.0.0.1:9" })).Ok().Id;
        var (import, job) = await Import(admin);
        var (attachment, alert) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var task = (await admin.Write("tasks", new { title = "Theirs", kind = "x", dueAt = "2030-01-01T00:00:00Z" })).Ok().Id;
        await Tasks.AlertTests.Raise(crm, "matrix-one", alert,
            new RaiseAlert("their-member", "x", AlertSeverity.Info, new AlertCause("x", lead)));
        var training = (await admin.Write("scoring/trainings", new { })).Ok().Id;
        await Scoring.ScoringSteps.Keep(crm, "matrix-one", training);
        foreach (var record in (string[])[$"leads/{lead}", $"customers/{customer}", $"opportunities/{opportunity}"])
        {
            (await admin.Attach(record, "theirs.txt", "Theirs"u8.ToArray(), ("id", $"{attachment}"))).Ok();
        }

        var source = (await admin.Write("data-sources", new { key = "theirs", terms = new { kind = "push", freshMinutes = 60 } })).Ok().Id.ToString();
        return (admin, other, new Dictionary<string, string>
        {
            ["leads"] = lead.ToString(),
            ["forms"] = (await admin.Write("forms", new { name = "Theirs", source = "web" })).Ok().Id.ToString(),
            ["customers"] = customer.ToString(),
            ["campaigns"] = (await admin.Write("campaigns", new { code = "theirs", name = "Theirs" })).Ok().Id.ToString(),
            ["orders"] = (await admin.Write("orders", new { customerId = customer, number = "theirs", amount = Talk.Money(1m) })).Ok().Id.ToString(),
            ["tasks"] = task.ToString(),
            ["alerts"] = alert.ToString(),
            ["knowledge"] = (await admin.Write("knowledge/articles", new { kind = "case", title = "x", text = "x" })).Ok().Id.ToString(),
            ["commitments"] = (await admin.Write("commitments", new { customerId = customer, kind = "x", dueAt = "2030-01-01T00:00:00Z" })).Ok().Id.ToString(),
            ["tickets"] = (await admin.Write("tickets", new { customerId = customer, title = "theirs" })).Ok().Id.ToString(),
            ["product-requests"] = (await admin.Write("product-requests", new { customerId = customer, product = "x", title = "theirs" })).Ok().Id.ToString(),
            ["delivery-plans"] = (await admin.Write("delivery-plans", new { product = "x", startsAt = "2030-01-01", endsAt = "2030-02-01", quantity = "1" })).Ok().Id.ToString(),
            ["help-requests"] = (await Help(admin, customer)).ToString(),
            ["data-sources"] = source,
            ["source-readings"] = (await admin.Write($"data-sources/{source}/readings", new { rows = Array.Empty<object>() })).Ok().Id.ToString(),
            ["forecasts"] = (await admin.Write("forecasts", new { period = "month", currency = "CNY" })).Ok().Id.ToString(),
            ["forecast-backtests"] = (await admin.Write("forecast-backtests", new { period = "month", from = "2020-01-01", to = "2020-03-01", currency = "CNY" })).Ok().Id.ToString(),
            ["spot-checks"] = (await SpotCheck(admin)).ToString(),
            ["approvals"] = (await Approvals.ApprovalSteps.Asked(admin, opportunity)).ToString(),
            ["scoring"] = training.ToString(),
            ["learned-warnings"] = (await admin.Write("learned-warnings/trainings", new { })).Ok().Id.ToString(),
            ["contacts"] = (await admin.Write("contacts", new { customerId = customer, name = "Theirs" })).Ok().Id.ToString(),
            ["opportunities"] = opportunity.ToString(),
            ["teams"] = "their-team",
            ["members"] = "their-member",
            ["roles"] = "their-role",
            ["api-keys"] = key["id"]!,
            ["events"] = theirs[^1].GetProperty("id").GetString()!,
            ["type"] = "lead_captured_by_them",
            ["version"] = "10000019",
            ["automation"] = "their-automation",
            ["subject"] = lead.ToString(),
            ["handovers"] = (await Handover(admin)).ToString(),
            ["playbook"] = (await admin.Write("playbook/simulations", new { document = new { name = "Theirs" } })).Ok().Id.ToString(),
            ["number"] = "10000019",
            ["channels"] = channel.ToString(),
            ["messages"] = message.ToString(),
            ["webhooks"] = webhook.ToString(),
            ["delivery"] = "msg_theirs",
            ["imports"] = import.ToString(),
            ["job"] = job.ToString(),
            ["exports"] = (await admin.Write("exports", new { })).Ok().Id.ToString(),
            ["attachment"] = attachment.ToString(),
            ["file"] = "their.csv",
            ["system"] = "their-erp",
            ["externalId"] = "their-number"
        });
    }

    private static async Task<Guid> Handover(HttpClient admin)
    {
        foreach (var member in (string[])["their-leaver", "their-successor"])
        {
            (await admin.Write("members", new { id = member, role = "rep" })).Ok();
        }

        return (await admin.Write("handovers", new { member = "their-leaver", to = new[] { "their-successor" } })).Ok().Id;
    }

    private static async Task<Guid> Help(HttpClient admin, Guid customer)
    {
        var help = new { kind = "terms", text = "x", customerId = customer, to = "their-member" };
        return (await admin.Write("help-requests", help)).Ok().Id;
    }

    private static async Task<Guid> SpotCheck(HttpClient admin)
    {
        (await admin.Write("leads", new { source = "web", occurredAt = "2020-01-01T12:00:00Z" })).Ok();
        return (await admin.Write("spot-checks", new { day = "2020-01-01" })).Ok().Id;
    }

    private static async Task<(Guid Import, Guid Job)> Import(HttpClient admin)
    {
        var import = (await admin.Write("imports", new { name = "Theirs" })).Ok().Id;
        using var file = new ByteArrayContent("id\n1\n"u8.ToArray());
        (await admin.PutAsync($"imports/{import}/files/their.csv", file)).EnsureSuccessStatusCode();
        using var mapping = new StringContent(
            """{"source":"theirs","currency":"EUR","leads":{"file":"their.csv","key":"id","source":{"constant":"x"}}}""", System.Text.Encoding.UTF8, "application/json");
        (await admin.PutAsync($"imports/{import}/mapping", mapping)).EnsureSuccessStatusCode();
        return (import, (await admin.Write($"imports/{import}/dry-run", new { })).Ok().Id);
    }

    internal sealed record Operation(string Id, string Method, string Path);

    [GeneratedRegex("{([A-Za-z]+)}")]
    private static partial Regex Parameter();

    [GeneratedRegex("\"(instance|requestId)\":\"[^\"]*\",?")]
    private static partial Regex RequestsOwn();
}
