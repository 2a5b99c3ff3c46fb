using System.Net;
using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Tasks.Alerts;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Approvals;

namespace Crm.Api.Approvals;

/// <summary>Takes a decision from whoever came by a link of his own. He has no login; the link says who he is and what it is good
/// for.</summary>
public sealed class LinkedDeciding(Engine engine, ApprovalDesk desk, ApprovalAddress address, Limits limits)
{
    private const int LongestReason = 1000;

    /// <summary>Asks how he decides: programs that look at links before people do decide nothing.</summary>
    public async Task<IResult> Ask(string token, HttpContext context, CancellationToken ct)
    {
        var (words, link) = (Words(context), Read(token, context));
        return await Open(link, ct) is { } open ? Form(context, words, Question(open.State, link, open.Rights, words))
            : Dead(context, words);
    }

    /// <summary>He decides. Said again, or when it is his turn no more, nothing happens.</summary>
    public async Task<IResult> Take(string token, HttpContext context, CancellationToken ct)
    {
        var (words, link) = (Words(context), Read(token, context));
        var form = await Said(context.Request, ct);
        bool? grants = form?["decision"].ToString() switch { "grant" => true, "refuse" => false, _ => null };
        if (await Open(link, ct) is not { } open)
        {
            return Dead(context, words);
        }

        if (grants is null)
        {
            return Form(context, words, Question(open.State, link, open.Rights, words));
        }

        var (reason, call) = (Reason(form!["reason"].ToString()), new Call(
            new Caller(link.Tenant, link.Member), OccurredAt: null, IfMatch: null, Key: null, context.TraceIdentifier, Source: "link"));
        try
        {
            await desk.Send(link.Approval, terms =>
                new DecideApproval(link.Member, grants.Value, terms, reason, link.Step, link.Turn), call, ct, isLinked: true);
        }
        catch (Rejection)
        {
            // Somebody was faster.
            return Dead(context, words);
        }

        return Page(context, StatusCodes.Status200OK, $"<p>{WebUtility.HtmlEncode(words.Word("approval-done"))}</p>");
    }

    // What is no form, or breaks off, says nothing: he is asked again.
    private static async Task<IFormCollection?> Said(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(ct) : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException && error is not BadHttpRequestException
            && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    // As in the body of a request: of control characters only tab and line breaks.
    private static string? Reason(string said)
    {
        var text = string.Concat(said.Trim().ReplaceLineEndings("\n").EnumerateRunes()
            .Where(rune => rune.Value is >= ' ' or '\t' or '\n').Take(LongestReason).Select(rune => rune.ToString()));
        return text.Length == 0 ? null : text;
    }

    private async Task<(Approval State, Rights Rights)?> Open(ApprovalLink link, CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(link.Tenant, ct);
        if (link.Until <= engine.Store.Clock.GetUtcNow() || organisation.Active(link.Member) is not { } member
            || organisation.RightsOf(member) is not { } rights || !rights.Functions.Contains(Functions.ApprovalsDecide))
        {
            return null;
        }

        var (_, known) = await engine.Commands.State(ApprovalDecider.Instance, link.Tenant, link.Approval, default(IApprovalCommand)!,
            occurredAt: null, ct, fresh: true);
        var state = (Approval)known.State;
        return state.Step == link.Step && state.Open.Any(seat => seat.Turn == link.Turn) ? (state, rights) : null;
    }

    private ApprovalLink Read(string token, HttpContext context)
    {
        if (address.Read(token) is { } read)
        {
            return read;
        }

        limits.MustNotBeGuessing(context.Connection.RemoteIpAddress);
        throw Rejection.Unknown("approval.link-unknown", "There is nothing to decide at this address.");
    }

    private static string Question(Approval state, ApprovalLink link, Rights rights, Sentences words)
    {
        var about = state.Requested!.Subject.Kind.ToString().ToLowerInvariant();
        var shown = AlertTelling.Shown(TellOfApproval.Params(state, state.Requested, link.Turn), about,
            new Sight(Owners: null, rights.HiddenFields));
        return $"{AlertTelling.Sentence(TellOfApproval.Asked, shown, words, NodaTime.DateTimeZone.Utc)}\n{state.Requested.Reason}";
    }

    private static Sentences Words(HttpContext context) => Sentences.In(Language.Of(null, context.Request));

    private static IResult Dead(HttpContext context, Sentences words) =>
        Page(context, StatusCodes.Status410Gone, $"<p>{WebUtility.HtmlEncode(words.Word("approval-dead"))}</p>");

    private static IResult Form(HttpContext context, Sentences words, string question)
    {
        var lines = string.Concat(question.Split('\n').Select(line => $"<p>{WebUtility.HtmlEncode(line)}</p>"));
        var buttons = string.Concat(((string[])["grant", "refuse"])
            .Select(name => $"<button name=\"decision\" value=\"{name}\">{WebUtility.HtmlEncode(words.Word($"to-{name}"))}</button> "));
        return Page(context, StatusCodes.Status200OK,
            $"{lines}<form method=\"post\"><p><textarea name=\"reason\" maxlength=\"{LongestReason}\"></textarea></p>{buttons}</form>");
    }

    private static IResult Page(HttpContext context, int status, string body)
    {
        var response = context.Response.Headers;
        response.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'";
        response.CacheControl = "no-store";
        response["Referrer-Policy"] = "no-referrer";
        response.XContentTypeOptions = "nosniff";
        return TypedResults.Content(
            $"<!doctype html><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title></title>{body}",
            "text/html; charset=utf-8", statusCode: status);
    }
}
