using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Conditions;
using Crm.Domain.Leads;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Leads;
using Npgsql;

namespace Crm.Api.Leads;

/// <summary>Finds the leads that are one with another, were, or may be: by the keys that they hold, and by names that are alike.</summary>
public sealed class Duplicates(Queries queries, Commands commands, Captures captures, Store store, LeadKeys keys, Unsealer unsealer)
{
    /// <summary>From how alike on two names of companies are told to be so; see <see cref="CompanyName.Similarity"/>.</summary>
    public const decimal LeastAlike = 0.6m;

    private const int MostShown = 50;
    private const int MostLooked = 200;
    private const int MostOfAGram = 2000;
    private const int MostGrams = 12;

    private static readonly string Grams = ModelTables.Of(Catalog.Search).Rows;

    public async Task<IResult> Of(Guid id, Caller by, PositionToken? least, HttpRequest request, CancellationToken ct)
    {
        var (_, known) = Commands.SeenBy(
            by, LeadDecider.Instance, await commands.State(LeadDecider.Instance, by.Tenant, id, default(ILeadCommand)!, occurredAt: null, ct));
        var lead = (Lead)known.State;
        if (lead.Captured is null)
        {
            throw Rejection.Unknown("lead.unknown", "There is no such lead.");
        }

        if (lead.MergedInto is { } into)
        {
            var (whole, state) = await captures.Whole(by.Tenant, into, fresh: false, ct);
            return Answer(new LeadDuplicates(whole, [], Reasons(((Lead)state.State).Absorbed.GetValueOrDefault(id))), (await store.Head(ct)).Position);
        }

        IEnumerable<LeadDuplicate> parts = lead.Absorbed.Values.OrderBy(part => part.LeadId)
            .Select(part => new LeadDuplicate(part.LeadId, LeadRelation.Part, Similarity: 1, Reasons(part), Company: null, Contact: null, Status: null, Rep: null, CapturedAt: null));
        var (suspects, position) = await Suspects(id, lead, by, least, ct);
        return Answer(new LeadDuplicates(MergedInto: null, [.. parts.Take(MostShown), .. suspects], []), position);

        IResult Answer(LeadDuplicates duplicates, long position) => new Positioned(duplicates, queries.Token(position), tag: null, IfNoneMatch.Nothing(request));
    }

    private static IReadOnlyList<LeadMatch> Reasons(LeadAbsorbed? part) =>
        [.. (part?.MatchedBy ?? ["person"]).Select(field => new LeadMatch(field, 1, field == "person" ? "somebody merged the two" : $"captured with the same {field}"))];

    private async Task<(IReadOnlyList<LeadDuplicate> Suspects, long Position)> Suspects(Guid id, Lead lead, Caller by, PositionToken? least, CancellationToken ct)
    {
        var mine = await Open(by, lead.Details!.Company, lead.Details.Contact?.Sealed, lead.Details.Email?.Sealed, lead.Details.Phone?.Sealed, ct);
        var holders = await store.Holders(by.Tenant, [.. keys.Of(by.Tenant, mine).Select(key => key.Claim)], ct);
        var candidates = holders.Values.Concat(lead.Released).ToHashSet();
        var (rows, position) = await queries.Read(by.Tenant, [Catalog.Leads, Catalog.Search], new Lens(null, null, null), least, async (connection, upTo) =>
        {
            candidates.UnionWith(await Alike(lead.Details.Company, by, connection, ct));
            candidates.Remove(id);
            var view = new ListView<LeadList.Row>(LeadAnswer.List, LeadAnswer.List.Rows, by, new Seen(new Lens(null, null, null), upTo, IsPinned: false), connection);
            return candidates.Count > 0 ? await view.Of(candidates, ct) : [];
        }, ct);

        var suspects = new List<LeadDuplicate>();
        foreach (var row in rows)
        {
            var theirs = await Open(by, row.Company, row.Contact, row.Email, row.Phone, ct);
            IReadOnlyList<LeadMatch> matches = [.. Compare(mine, theirs)];
            if (matches.Count > 0)
            {
                suspects.Add(new LeadDuplicate(
                    row.LeadId, lead.Released.Contains(row.LeadId) ? LeadRelation.Separated : LeadRelation.Suspect, matches.Where(match => match.By != "contact").Max(match => match.Similarity), matches,
                    theirs.Company, theirs.Contact, row.Status, row.Rep, row.CapturedAt));
            }
        }

        return ([.. suspects.OrderByDescending(suspect => suspect.Similarity).ThenByDescending(suspect => suspect.Reasons.Count).ThenBy(suspect => suspect.Id).Take(MostShown)], position);
    }

    private static IEnumerable<LeadMatch> Compare(LeadSignature mine, LeadSignature theirs)
    {
        if (mine.Phone is not null && mine.Phone == theirs.Phone)
        {
            yield return new LeadMatch("phone", 1, "the same telephone number");
        }

        if (mine.Email is not null && mine.Email == theirs.Email)
        {
            yield return new LeadMatch("email", 1, "the same mail address");
        }

        var alike = mine.Company is null || theirs.Company is null ? 0 : CompanyName.Similarity(mine.Company, theirs.Company);
        if (alike >= LeastAlike)
        {
            yield return new LeadMatch("company", (double)alike, alike == 1
                ? $"the same company: “{mine.Company}” and “{theirs.Company}” differ in nothing but legal form and spelling"
                : $"companies alike: “{mine.Company}” and “{theirs.Company}”");
            if (mine.Contact is not null && theirs.Contact is not null && CompanyName.Similarity(mine.Contact, theirs.Contact) is var contact && contact >= LeastAlike)
            {
                yield return new LeadMatch("contact", (double)contact, contact == 1 ? "a contact of the same name there" : "contacts with names alike there");
            }
        }
    }

    // What a caller may not see tells him nothing, not even that it is the same.
    private async Task<LeadSignature> Open(Caller by, string? company, string? contact, string? email, string? phone, CancellationToken ct)
    {
        return new(by.Sight.Hides("lead", "company") ? null : company, await Of("contact", contact), await Of("email", email), await Of("phone", phone));

        async Task<string?> Of(string field, string? @sealed) => by.Sight.Hides("lead", field) ? null : await unsealer.Open(by.Tenant, @sealed, ct);
    }

    // Leads that share runs of two or three characters with the name, those that share most first. Of runs that thousands share only the first are looked at.
    private static async Task<IReadOnlyList<Guid>> Alike(string? company, Caller by, NpgsqlConnection connection, CancellationToken ct)
    {
        var runs = company is null ? [] : SearchText.Grams(CompanyName.Key(company)).Where(run => run.Length > 1).Take(MostGrams).ToArray();
        if (runs.Length == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand($"""
            select g.record_id from unnest($2::text[]) as w (gram)
            cross join lateral (select x.record_id from {Grams} x
                                where x.tenant_id = $1 and x.subject = 'lead' and x.gram >= w.gram and x.gram < w.gram || chr(1114111)
                                order by x.gram, x.record_id limit {MostOfAGram}) g
            group by g.record_id order by count(*) desc, g.record_id limit {MostLooked}
            """, connection)
        { Parameters = { new() { Value = by.Tenant }, new() { Value = runs } } };
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }
}

/// <param name="MergedInto">The lead that this one is part of; then there are no items.</param>
/// <param name="Items">Its parts first, then those that may be the same, the likeliest first; at most 50 of each.</param>
/// <param name="Reasons">Why it is part of another.</param>
public sealed record LeadDuplicates(Guid? MergedInto, IReadOnlyList<LeadDuplicate> Items, IReadOnlyList<LeadMatch> Reasons);

/// <summary>A lead that is part of the one asked for, was and was taken out again, or may be the same.</summary>
public enum LeadRelation { Part, Separated, Suspect }

/// <param name="Similarity">The highest of its reasons but for the contact, from 0 to 1.</param>
public sealed record LeadDuplicate(
    Guid Id, LeadRelation Relation, double Similarity, IReadOnlyList<LeadMatch> Reasons, string? Company, string? Contact, string? Status, string? Rep,
    DateTimeOffset? CapturedAt);

/// <param name="By"><c>phone</c>, <c>email</c>, <c>company</c>, <c>contact</c>; <c>person</c> where somebody merged them.</param>
/// <param name="Similarity">From 0 to 1; of names twice the runs of two characters that they share over all that they have.</param>
/// <param name="Explanation">For people.</param>
public sealed record LeadMatch(string By, double Similarity, string Explanation);
