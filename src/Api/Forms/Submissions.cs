using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Api.Http.Pages;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.EventStore;
using Crm.EventStore.Sealing;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Forms;

/// <summary>
/// Takes what is sent by a form. Whoever sends it has no login: he is told that it came in, and nothing else; how much comes is limited for each form
/// and each address, and pages of other origins than the form names cannot send it by script.
/// </summary>
public sealed class Submissions(
    Commands commands, Captures captures, Sealer sealer, Organisations organisations, CurrentPlaybook playbooks, Limits limits,
    TimeProvider clock)
{
    private const int MostForms = 50_000;
    private const double AddressPerMinute = 30;

    // A page asks what to show, and before it sends: many people may sit behind one address.
    private const double LooksPerMinute = 300;

    private readonly ConcurrentDictionary<(FormKey Form, int PerMinute), Bucket> forms = new();
    private readonly Buckets<(FormKey, IPAddress)> addresses = new(AddressPerMinute / 60, seconds: 60, clock);
    private readonly Buckets<IPAddress> lookers = new(LooksPerMinute / 60, seconds: 60, clock);

    public async Task<IResult> Take(string key, HttpContext context, CancellationToken ct)
    {
        var headers = (await Headers.BindAsync(context, parameter: null!))!;
        var (name, form) = await Form(key, context, ct);
        MustBeFrom(form, context);
        MustHaveRoom(name, form, context.Connection.RemoteIpAddress);
        var (bytes, said) = await SubmissionBody.Read(context);
        if (!FilledIn(said, form.Honeypot, out var rest))
        {
            var document = (await playbooks.Of(name.Tenant, ct)).Document;
            var request = Read(rest, FormLayout.Of(document, form.Layout));
            await Capture(name, form, request, document, bytes, headers, context.TraceIdentifier, ct);
        }

        return TypedResults.Json(new SubmissionAnswer(Received: true), AnswerJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>What it asks: as JSON, or as a page for those who ask for one.</summary>
    public async Task<IResult> Describe(string key, HttpContext context, CancellationToken ct)
    {
        MayLook(context.Connection.RemoteIpAddress);
        var (name, form) = await Form(key, context, ct);
        MustBeFrom(form, context);
        var description = FormDescription.Of(form, FormLayout.Of((await playbooks.Of(name.Tenant, ct)).Document, form.Layout));
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (!PageEndpoints.ForPeople(context.Request))
        {
            return TypedResults.Json(description, AnswerJson.Options);
        }

        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'";
        return TypedResults.Content(FormPage.Of(description), "text/html; charset=utf-8");
    }

    /// <summary>What a browser asks before it sends: whether the page may (Fetch, CORS-preflight request).</summary>
    public async Task<IResult> Preflight(string key, HttpContext context, CancellationToken ct)
    {
        MayLook(context.Connection.RemoteIpAddress);
        var (_, form) = await Form(key, context, ct);
        MustBeFrom(form, context);
        context.Response.Headers[HeaderNames.AccessControlAllowMethods] = "GET, POST";
        context.Response.Headers[HeaderNames.AccessControlAllowHeaders] = $"{HeaderNames.ContentType}, {Headers.IdempotencyKeyName}";
        context.Response.Headers[HeaderNames.AccessControlMaxAge] = "600";
        context.Response.Headers.Allow = "GET, HEAD, OPTIONS, POST";
        return TypedResults.NoContent();
    }

    // Read anew each time: another process may have changed or retired it.
    private async Task<(FormKey Key, FormPublished Form)> Form(string text, HttpContext context, CancellationToken ct)
    {
        var form = FormKey.Parse(text) is { } key
            ? (Form)(await commands.State(FormDecider.Instance, key.Tenant, key.Form, default(IFormCommand)!, occurredAt: null, ct, fresh: true)).Latest.State
            : Domain.Forms.Form.None;
        if (form.Details is null || form.IsRetired)
        {
            limits.MustNotBeGuessing(context.Connection.RemoteIpAddress);
            throw Rejection.Unknown("form.unknown", "There is no such form, or it is out of service.");
        }

        return (FormKey.Parse(text)!, form.Details);
    }

    // A program sends no origin, and what it sends is limited all the same. The answer may be read by pages of the form's origins, a problem too.
    private static void MustBeFrom(FormPublished form, HttpContext context)
    {
        if (context.Request.Headers.Origin is not [{ } origin] || origin == $"{context.Request.Scheme}://{context.Request.Host}")
        {
            return;
        }

        if (!form.Origins.Contains(origin))
        {
            throw new Problem(403, Code.Forbidden, "Pages of this origin may not send this form.", Fault.InHeader(HeaderNames.Origin, Code.Forbidden, "The form names other origins."));
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers[HeaderNames.AccessControlAllowOrigin] = origin;
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            return Task.CompletedTask;
        });
    }

    private void MustHaveRoom(FormKey name, FormPublished form, IPAddress? address)
    {
        if (forms.Count > MostForms)
        {
            forms.Clear();
        }

        var room = forms.GetOrAdd((name, form.PerMinute), _ => new Bucket(form.PerMinute / 60.0, form.PerMinute, clock));
        var own = address is null ? null : addresses.Of((name, address));
        if (own?.Take(1) == false)
        {
            throw TooMany(own.Until(1));
        }

        if (!room.Take(1))
        {
            throw TooMany(room.Until(1));
        }
    }

    private void MayLook(IPAddress? address)
    {
        if (address is not null && lookers.Of(address) is { } own && !own.Take(1))
        {
            throw TooMany(own.Until(1));
        }
    }

    private static Problem TooMany(TimeSpan wait) => new(429, Code.TooManyRequests, "This form was asked for or sent too often in the last minute. Retry-After says when there is room again.")
    { RetryAfter = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds))) };

    // The honeypot may be there, empty: that is how a page sends a field that nobody filled in.
    private static bool FilledIn(JsonElement body, string honeypot, out JsonElement rest)
    {
        rest = body;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(honeypot, out var bait))
        {
            return false;
        }

        rest = JsonSerializer.SerializeToElement(new JsonObject(body.EnumerateObject().Where(member => member.Name != honeypot)
            .DistinctBy(member => member.Name).Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText())))));
        return bait.ValueKind is not (JsonValueKind.Null or JsonValueKind.False) && !(bait.ValueKind == JsonValueKind.String && bait.GetString()!.Length == 0);
    }

    private static SubmissionRequest Read(JsonElement body, FormLayout layout)
    {
        var faults = new Findings();
        var said = Shape.OfRecord(typeof(SubmissionRequest)).Read(body, Place.Body(faults));
        faults.ThrowIfAny();
        return layout.Faults([.. SubmissionBody.Named(body)]) is { Count: > 0 } wrong
            ? throw Rejection.BrokenRules("form.fields", "This is not what the form asks for; errors names each field.", wrong)
            : (SubmissionRequest)said!;
    }

    private async Task Capture(
        FormKey name, FormPublished form, SubmissionRequest request, PlaybookDocument? document, byte[] bytes, Headers headers,
        string requestId, CancellationToken ct)
    {
        var custom = FieldsInForce.OfNew(LeadFields.OwnOf(document), request.Custom, known: null, isHeldToRequired: false);
        var zone = organisations.ZoneOf(await organisations.Of(name.Tenant, ct));
        var said = request.Of(form).Normal(form.Country ?? NormalForm.CountryOf(zone.Id)) with { Custom = custom };
        var id = Guid.CreateVersion7();
        var seal = new Seal(sealer, name.Tenant, person: id, isNew: true, ct);
        var command = await said.Command(seal);
        var key = headers.IdempotencyKey is { } given ? new IdempotencyKey($"form {name.Form:N}", given, SHA256.HashData(bytes)) : null;
        var call = new Call(
            new Caller(name.Tenant, $"form-{name.Form:N}"), OccurredAt: null, IfMatch: null, key, requestId, Source: "form", StatusCodes.Status201Created)
        {
            PersonKeys = seal.Made
        };
        await captures.Send(id, command, said.Signature, call, ct);
    }
}
