using System.Net;
using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Contacts;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventStore;

namespace Crm.Api.Nurture;

/// <summary>Takes it from whoever gets mails that he wants no more. He has no login; his address says who he is.</summary>
public sealed class Unsubscribing(Commands commands, Captures captures, RefusedMail refused, ContactMail contacts, Store store,
    UnsubscribeAddress address, Limits limits)
{
    /// <summary>Asks whether he means it: programs that look at links before people do send nothing.</summary>
    public IResult Ask(string token, HttpContext context)
    {
        _ = Read(token, context);
        return Page(context, Sentences.In(Language.Of(null, context.Request)).Unsubscribe, isDone: false);
    }

    /// <summary>He means it (RFC 8058). Said again, nothing happens.</summary>
    public async Task<IResult> Take(string token, HttpContext context, CancellationToken ct)
    {
        var (tenant, person, named, isContact) = Read(token, context);
        var call = new Call(new Caller(tenant, "unsubscribe"), OccurredAt: null, IfMatch: null, Key: null, context.TraceIdentifier,
            Source: "unsubscribe");
        await commands.Send(call, () => isContact
            ? contacts.Unsubscribe(tenant, person, (LeadKeys.RefusedKind, named!), ct) : OfLead(tenant, person, named, ct),
            playbookVersion: null, ct);
        return Page(context, Sentences.In(Language.Of(null, context.Request)).Unsubscribed, isDone: true);
    }

    private async Task<Decision> OfLead(string tenant, Guid lead, string? named, CancellationToken ct)
    {
        // Of one that was merged, the whole is sent mails; when it is parted from it, it wants none either.
        var (whole, _) = await captures.Whole(tenant, lead, fresh: true, ct);
        var leads = new List<(Guid Id, TimedLead Lead)>();
        foreach (var id in new[] { whole, lead }.Distinct())
        {
            leads.Add((id, TimedLead.Of(await store.ReadStream(tenant, id, null, ct), store.Types)));
        }

        var claim = named is null ? await refused.ClaimOf(tenant, leads[^1].Lead.Lead, ct) : (LeadKeys.RefusedKind, named);
        var isNew = claim is not null && await refused.HolderOf(tenant, claim, ct) is null;
        return new Decision(0,
            [.. leads.Select(one => Captures.PartOf(one.Id, one.Lead.Known, one.Lead.Clock.IsUnsubscribed && !isNew ? []
            : [new LeadUnsubscribed()]))])
        {
            Claims = isNew ? [new Claim(claim!.Value.Kind, claim.Value.Key, lead)] : []
        };
    }

    private (string Tenant, Guid Person, string? Refused, bool IsContact) Read(string token, HttpContext context)
    {
        if (address.Read(token) is { } read)
        {
            return read;
        }

        limits.MustNotBeGuessing(context.Connection.RemoteIpAddress);
        throw Rejection.Unknown("lead.unsubscribe-unknown", "There is nothing to unsubscribe from at this address.");
    }

    private static IResult Page(HttpContext context, string text, bool isDone)
    {
        var response = context.Response.Headers;
        response.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'";
        response.CacheControl = "no-store";
        response["Referrer-Policy"] = "no-referrer";
        response.XContentTypeOptions = "nosniff";
        var body = isDone ? $"<p>{WebUtility.HtmlEncode(text)}</p>"
            : $"<form method=\"post\"><button>{WebUtility.HtmlEncode(text)}</button></form>";
        return TypedResults.Content(
            $"<!doctype html><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title></title>{body}",
            "text/html; charset=utf-8");
    }
}
