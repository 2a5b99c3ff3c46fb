using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Projections.Leads;

/// <summary>Every lead as it stands, and as it stood at any moment. What is known of the person stays sealed.</summary>
public sealed class LeadList : ReadModel<LeadList.Row>
{
    /// <param name="CapturedAt">
    /// Null while there are only facts dated before the capture, and while it is part of another lead; such a row is not listed, nor counted.
    /// </param>
    /// <param name="Status"><c>new</c>, <c>assigned</c>, <c>qualified</c>, <c>disqualified</c> or <c>merged</c>.</param>
    /// <param name="Contact">Sealed, as are mail and phone.</param>
    /// <param name="SizeBand"><c>small</c>, <c>medium</c>, <c>large</c> or <c>enterprise</c>, by employees where they are known.</param>
    /// <param name="Touches">Its capture among them, and those of its parts.</param>
    /// <param name="Captures">How often it was captured: once, and once more for each of its parts.</param>
    /// <param name="HeardAt">When it was captured, whatever became of it.</param>
    /// <param name="Borrowed">Members of the row that its parts lend it, in camelCase.</param>
    /// <param name="Lenders">Those parts and what they know, each as JSON, sealed where it is personal.</param>
    /// <param name="AdvancedAt">When something last came of it, see <see cref="LeadProgress"/>; null while nobody has touched it.</param>
    /// <param name="CameOnAt">When it was last taken up again, or rose by a level.</param>
    /// <param name="Touched">By the lead itself and by each part: the first touch, and the last follow-up.</param>
    /// <param name="Level">How ripe it is, by its key in the playbook; null where it has come to no level.</param>
    /// <param name="LevelRank">The place of that among the levels, from 1.</param>
    /// <param name="LevelSince">When it came to that, from below or from above; null where it never had one.</param>
    /// <param name="Flag"><c>test</c> or <c>junk</c>; null while it is business.</param>
    /// <param name="Custom">What is known by the fields of its playbook.</param>
    public sealed record Row(
        Guid LeadId, string Status, DateTimeOffset? CapturedAt, string? Company, string? Contact, string? Email, string? Phone,
        string? Role, string? Region, string? Industry, int? Employees, string? Source, string? Campaign, string? Product,
        string? ExternalId, string? Rep, string? Team, Guid? CustomerId, Guid? OpportunityId, string? DisqualifiedBecause,
        int Touches, DateTimeOffset? LastTouchAt, string? SizeBand, int Captures, Guid? MergedInto, DateTimeOffset? HeardAt,
        IReadOnlyList<string> Borrowed, IReadOnlyList<string> Lenders, string? Flag, DateTimeOffset? AdvancedAt, DateTimeOffset? CameOnAt, IReadOnlyList<string> Touched,
        string? Level, int? LevelRank, DateTimeOffset? LevelSince, IReadOnlyDictionary<string, string>? Custom)
    {
        public static Row New(Guid id) => new(
            id, "new", null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, 0, null, null, 0, null, null,
            [], [], null, null, null, [], null, null, null, null);
    }

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Contact), nameof(Row.Email), nameof(Row.Phone)];

    /// <summary>Members that nobody can ask for: those, and what only the next fact needs to know.</summary>
    public static readonly IReadOnlyList<string> Unasked = [.. Sealed, nameof(Row.MergedInto), nameof(Row.HeardAt), nameof(Row.Borrowed), nameof(Row.Lenders),
        nameof(Row.CameOnAt), nameof(Row.Touched)];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) }
    };

    public override string Name => "lead_list";

    public override int Version => 5;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ILeadEvent);

    /// <summary>Those of which nothing has come for a while.</summary>
    public override IReadOnlyList<string> Indexes => ["advanced_at"];

    public override Row? Fold(Row? row, Recorded e) =>
        e.Data is LeadTouched or LeadAbsorbed or LeadReleased or LeadRevived or LeadLevelReached ? Advanced(State(row, e)!, e) : State(row, e);

    private static Row? State(Row? row, Recorded e)
    {
        var lead = row ?? Row.New(e.StreamId);
        return e.Data switch
        {
            LeadCaptured x => Touched(Knowing(lead, Details(lead).Captured(x)), 1, e.OccurredAt) with
            {
                CapturedAt = lead.MergedInto is null ? e.OccurredAt : null,
                HeardAt = e.OccurredAt,
                Captures = lead.Captures + 1,
                ExternalId = x.ExternalId
            },
            LeadChanged x => Knowing(lead, Details(lead).Changed(x)),
            LeadAssigned x => lead with { Rep = x.Rep, Team = x.Team ?? lead.Team, Status = lead.Status == "new" ? "assigned" : lead.Status },
            LeadReturned => lead with { Rep = null, Team = null, Status = lead.Status == "assigned" ? "new" : lead.Status },
            LeadTouched => Touched(lead, 1, e.OccurredAt),
            LeadQualified x => lead with
            {
                Status = "qualified",
                CustomerId = x.CustomerId,
                OpportunityId = x.OpportunityId,
                DisqualifiedBecause = null
            },
            LeadDisqualified x => lead with { Status = "disqualified", DisqualifiedBecause = x.Reason },
            LeadRevived => lead with { Status = lead.Rep is null ? "new" : "assigned", DisqualifiedBecause = null },
            LeadFlagged x => lead with { Flag = RecordFlags.Word(x.Flag) },
            LeadFlagWithdrawn => lead with { Flag = null },
            LeadLevelReached x => x.Rank > (lead.LevelRank ?? 0) ? AtLevel(lead, x.Level, x.Rank, e.OccurredAt) : lead,
            LeadFellBack x => x.Rank < (lead.LevelRank ?? 0) ? AtLevel(lead, x.Level, x.Rank, e.OccurredAt) : lead,
            LeadMerged x => lead with { Status = "merged", MergedInto = x.Into, CapturedAt = null },
            LeadUnmerged => lead with { Status = StatusOf(lead), MergedInto = null, CapturedAt = lead.HeardAt },
            LeadAbsorbed x => Touched(Knowing(lead, Details(lead).Absorbed(x)), x.Touches, x.LastTouchAt ?? e.OccurredAt) with { Captures = lead.Captures + x.Captures },
            LeadReleased x => Knowing(lead, Details(lead).Released(x.LeadIds)) with
            {
                Touches = lead.Touches - x.Touches,
                LastTouchAt = x.LastTouchAt ?? lead.LastTouchAt,
                Captures = lead.Captures - x.Captures
            },
            _ => row
        };
    }

    private static Row Advanced(Row row, Recorded e)
    {
        var before = row.Touched.Select(ReadSpan).ToImmutableSortedDictionary();
        var progress = LeadProgress.Evolve(new LeadProgress(before, row.CameOnAt), (ILeadEvent)e.Data, e.OccurredAt);
        return row with
        {
            AdvancedAt = progress.LastAt,
            CameOnAt = progress.CameOnAt,
            Touched = [.. progress.Touches.Select(span => string.Join(' ', span.Key, Written(span.Value.FirstAt), Written(span.Value.FollowedUpAt)))]
        };
    }

    private static string Written(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "-";

    private static KeyValuePair<Guid, TouchSpan> ReadSpan(string written)
    {
        var parts = written.Split(' ');
        return new(Guid.Parse(parts[0]), new(Read(parts[1]), parts[2] == "-" ? null : Read(parts[2])));

        static DateTimeOffset Read(string at) => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
    }

    private static Row Touched(Row row, int touches, DateTimeOffset at) => row with
    {
        Touches = row.Touches + touches,
        LastTouchAt = row.LastTouchAt > at ? row.LastTouchAt : at
    };

    private static Row AtLevel(Row row, string? level, int rank, DateTimeOffset since) =>
        row with { Level = level, LevelRank = rank == 0 ? null : rank, LevelSince = since };

    private static string StatusOf(Row row) => row switch
    {
        { DisqualifiedBecause: not null } => "disqualified",
        { OpportunityId: not null } => "qualified",
        { Rep: not null } => "assigned",
        _ => "new"
    };

    private static LeadDetails Details(Row r)
    {
        var own = new LeadChanged(Cleared: r.Borrowed).Over(new LeadCaptured(
            r.Source ?? "", r.Company, Known(r.Contact), Known(r.Email), Known(r.Phone), r.Role, r.Region, r.Industry, r.Employees, r.Campaign, r.Product,
            Message: null, r.ExternalId,
            r.Employees is null && r.SizeBand is { } band ? Enum.Parse<SizeBand>(band, ignoreCase: true) : null,
            Custom: CustomValues.Of(r.Custom)));
        return new LeadDetails(own, [.. r.Lenders.Select(lender => JsonSerializer.Deserialize<LeadAbsorbed>(lender, Json)!)]);
    }

    private static Row Knowing(Row row, LeadDetails details)
    {
        var shown = details.Shown;
        return row with
        {
            Company = shown.Company,
            Contact = shown.Contact?.Sealed,
            Email = shown.Email?.Sealed,
            Phone = shown.Phone?.Sealed,
            Role = shown.Role,
            Region = shown.Region,
            Industry = shown.Industry,
            Employees = shown.Employees,
            Source = shown.Source,
            Campaign = shown.Campaign,
            Product = shown.Product,
            ExternalId = shown.ExternalId,
            SizeBand = (shown.Employees is { } employees ? SizeBands.Of(employees) : shown.SizeBand)?.ToString().ToLowerInvariant(),
            Custom = shown.Custom?.ByKey,
            Borrowed = details.Borrowed,
            Lenders = [.. details.Lenders.Select(lender => JsonSerializer.Serialize(lender, Json))]
        };
    }

    private static Personal? Known(string? @sealed) => @sealed is null ? null : new Personal(@sealed);
}
