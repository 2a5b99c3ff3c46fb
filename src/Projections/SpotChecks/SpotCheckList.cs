using System.Text.Json;
using Crm.Domain.SpotChecks;
using Crm.EventModel;

namespace Crm.Projections.SpotChecks;

/// <summary>Every spot check as it stands, and as it stood at any moment.</summary>
public sealed class SpotCheckList : ReadModel<SpotCheckList.Row>
{
    /// <param name="DrawnAt">Null while there are only facts dated before the draw; such a row is not listed.</param>
    /// <param name="Asked">How many were to be drawn.</param>
    /// <param name="NewLeads">From how many they were drawn.</param>
    /// <param name="AtPosition">Up to where in the log those were known.</param>
    /// <param name="Drawn">The leads in the order in which they were drawn, and what came of each: JSON, the note sealed.</param>
    /// <param name="Reached">How many were; null until that is published, as how many were genuine is.</param>
    public sealed record Row(
        Guid CheckId, DateTimeOffset? DrawnAt, DateOnly? Day, string? Seed, int Asked, int NewLeads, long AtPosition,
        IReadOnlyList<string> Drawn, int Called, int? Reached, int? Genuine, DateTimeOffset? PublishedAt);

    /// <summary>A lead that was drawn, and what came of it.</summary>
    public sealed record Lead(Guid LeadId, string? Hash, bool? Reached = null, bool? Genuine = null, string? Note = null);

    /// <summary>Members that nobody can ask for: before all of it is published, they would tell.</summary>
    public static readonly IReadOnlyList<string> Unasked = [nameof(Row.Seed), nameof(Row.Drawn)];

    public override string Name => "spot_check_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ISpotCheckEvent);

    public override Row? Fold(Row? row, Recorded e)
    {
        var check = row ?? new Row(e.StreamId, null, null, null, 0, 0, 0, [], 0, null, null, null);
        return e.Data switch
        {
            SpotCheckDrawn x => check with
            {
                DrawnAt = e.OccurredAt,
                Day = x.Day,
                Seed = x.Seed,
                Asked = x.Asked,
                NewLeads = x.NewLeads,
                AtPosition = x.AtPosition,
                Drawn = [.. x.Leads.Select(lead => Written(new Lead(lead.LeadId, lead.Hash)))]
            },
            SpotCheckCalled x => Called(check, x),
            SpotCheckPublished x => check with { Reached = x.Reached, Genuine = x.Genuine, PublishedAt = e.OccurredAt },
            _ => row
        };
    }

    public static IReadOnlyList<Lead> LeadsOf(Row row) => [.. row.Drawn.Select(lead => JsonSerializer.Deserialize<Lead>(lead)!)];

    private static Row Called(Row row, SpotCheckCalled x)
    {
        var leads = LeadsOf(row).Select(lead => lead.LeadId == x.LeadId
            ? lead with { Reached = x.Reached, Genuine = x.Genuine, Note = x.Note?.Sealed } : lead).ToList();
        return row with { Drawn = [.. leads.Select(Written)], Called = leads.Count(lead => lead.Reached is not null) };
    }

    private static string Written(Lead lead) => JsonSerializer.Serialize(lead);
}
