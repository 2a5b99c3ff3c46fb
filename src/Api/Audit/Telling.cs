using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Lists;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;
using Crm.Projections.Commitments;
using Crm.Projections.Contacts;
using Crm.Projections.DailyReports;
using Crm.Projections.HelpRequests;
using Crm.Projections.Leads;
using Crm.Projections.ProductRequests;
using Crm.Projections.Tasks;
using Crm.Projections.Tickets;
using NodaTime;

namespace Crm.Api.Audit;

/// <summary>Tells events as people would: who did what, when, from where, and what it changed.</summary>
public sealed class Telling(Store store, Unsealer unsealer)
{
    // By subject; of other records nothing is sealed.
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> SealedFields = new Dictionary<string, IReadOnlyList<string>>
    {
        ["lead"] = [.. LeadList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["contact"] = [.. ContactList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["task"] = [.. TaskList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["help-request"] = [.. HelpList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["daily-report"] = [.. DailyReportList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["commitment"] = [.. CommitmentList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["ticket"] = [.. TicketList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)],
        ["product-request"] = [.. ProductRequestList.Sealed.Select(JsonNamingPolicy.CamelCase.ConvertName)]
    };

    // Beside those whose name says so.
    private static readonly HashSet<string> Moments = ["until", "from", "since", "due", "by", "respondBy"];

    /// <param name="stream">All events of the record, at least up to the last that is to be told.</param>
    /// <param name="wanted">Those to be told.</param>
    /// <param name="by">Who reads it: times are those of his tenant, and what is hidden from him is left out of sentences, too.</param>
    public async Task<IReadOnlyList<AuditEntry>> Tell(IReadOnlyList<Recorded> stream, Func<Recorded, bool> wanted, Caller by, string language, CancellationToken ct)
    {
        var entries = new List<AuditEntry>();
        foreach (var (e, effect) in Effect.Of(stream, wanted, store.Types))
        {
            entries.Add(await Tell(e, effect, by, language, ct));
        }

        return entries;
    }

    private async Task<AuditEntry> Tell(Recorded e, Effect effect, Caller by, string language, CancellationToken ct)
    {
        var subject = AuditTrail.SubjectOf(e.Data);
        var hidesChanges = effect.Changes().Any(change => Hiding.Hides(by.Sight, subject, change.Field));
        foreach (var record in (JsonObject[])[effect.Before, effect.After, effect.Known])
        {
            Hiding.From(record, subject, by.Sight);
            await Open(e.Tenant, subject, record, ct);
        }

        var data = Hiding.From(await unsealer.Open(e.Tenant, e.Data, ct), subject, by.Sight, e.Data);
        var changes = effect.Changes().Select(c => new FieldChange(c.Field, c.Before, c.After)).ToList();
        var name = ((JsonObject[])[effect.After, effect.Before, effect.Known]).Select(record => NameOf(subject, record))
            .FirstOrDefault(known => known is not null);
        return new AuditEntry(
            e.EventId, e.Position, e.TypeName, subject, e.StreamId, name, e.Version, e.Metadata.Actor, e.Metadata.Source,
            e.Metadata.RequestId, e.RecordedAt, e.OccurredAt, e.Metadata.Undated, store.Types.Corrected(e.Data),
            Sentence(e, by.Zone, Sentences.In(language), data, effect, changes, name, IsHidden), changes);

        bool IsHidden(string field) => field == "changes" ? hidesChanges : Hiding.Hides(by.Sight, subject, field.Split('.')[^1], e.Data);
    }

    private static string Sentence(Recorded e, DateTimeZone zone, Sentences words, JsonObject? data, Effect effect, List<FieldChange> changes, string? name,
        Func<string, bool> isHidden)
    {
        var template = data is not null && words.Kinds.TryGetValue(e.TypeName, out var known) ? known : words.Unknown;
        var what = words.Fill(template, field => field switch
        {
            "subject" => name ?? e.StreamId.ToString()[..8],
            "changes" => changes.Count == 0 ? null : string.Join(words.List, changes.Select(c => Change(words, c, zone))),
            "kind" when data is null => e.TypeName,
            _ when field.StartsWith("before.", StringComparison.Ordinal) =>
                changes.SingleOrDefault(c => c.Field == field[7..]) is { } change ? Text(words, change.Field, change.Before, zone) : null,
            _ when field.StartsWith("after.", StringComparison.Ordinal) => Text(words, field[6..], Effect.Value(effect.After, field[6..]), zone),
            _ => Text(words, field, field.Split('.').Aggregate((JsonNode?)data, (part, member) => part?[member]), zone)
        }, isHidden);
        return words.Fill(words.Entry, field => field switch
        {
            "recorded" => Local(e.RecordedAt, zone),
            "occurred" => Local(e.OccurredAt, zone) is var occurred && occurred != Local(e.RecordedAt, zone) ? occurred : null,
            "undated" => e.Metadata.Undated ? words.Undated : null,
            "actor" => e.Metadata.Actor ?? words.Nobody,
            "via" => e.Metadata.Source is { } source ? words.Word(source) : null,
            _ => what
        });
    }

    private static string Change(Sentences words, FieldChange change, DateTimeZone zone) => words.Fill(words.Change, part => part switch
    {
        "field" => words.Word(change.Field),
        "from" => Text(words, change.Field, change.Before, zone),
        _ => Text(words, change.Field, change.After, zone)
    });

    /// <summary>A value in the reader's words; a time where he is.</summary>
    internal static string? Text(Sentences words, string field, JsonNode? value, DateTimeZone zone) =>
        value is not null && (Moments.Contains(field.Split('.')[^1]) || field.EndsWith("At", StringComparison.Ordinal)) && DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var moment)
            ? Local(moment, zone)
            : words.Text(field, value);

    // What a record is called. Of a contact the title is what he does.
    private static string? NameOf(string subject, JsonObject record) =>
        (record["name"] ?? record["company"] ?? record["contact"] ?? record["number"]
            ?? (subject switch { "task" or "ticket" or "product-request" => record["title"], "alert" => record["kind"], "spot-check" or "daily-report" => record["day"], "commitment" => record["product"] ?? record["kind"], "delivery-plan" => record["product"], "article" => record["title"], "help-request" => record["kind"], _ => null })
            ?? record["externalId"])?.ToString();

    private static string Local(DateTimeOffset moment, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(moment).InZone(zone).ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private async Task Open(string tenant, string subject, JsonObject record, CancellationToken ct)
    {
        foreach (var field in SealedFields.GetValueOrDefault(subject, []))
        {
            if (record[field] is { } value)
            {
                record[field] = await unsealer.Open(tenant, value.ToString(), ct);
            }
        }
    }
}
