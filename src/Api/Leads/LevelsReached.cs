using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Leads;

/// <summary>How ripe one lead is, or was.</summary>
public sealed class LevelsReached(Records records, CurrentPlaybook playbooks, Store store)
{
    /// <exception cref="Rejection">There is no such lead, or it is out of sight.</exception>
    public async Task<IResult> Of(Caller by, Guid id, Times times, IfNoneMatch held, CancellationToken ct)
    {
        FieldSight.MustSee(by, "lead", "level");
        var missing = Rejection.Unknown("lead.unknown", "There is no such lead.");
        var (lens, events) = await records.Stream<ILeadEvent>(LeadAnswer.List, by, id, times, missing, ct);
        List<Recorded> facts =
            [.. FoldOrder.Of(events, store.Types).Where(fact => fact.Data is ILeadEvent && fact.OccurredAt < lens.Until)];
        var (lead, since) = facts.Aggregate((Lead.None, (DateTimeOffset?)null), After);
        if (lead.Captured is null)
        {
            throw lens.Missing(missing);
        }

        var playbook = await playbooks.AsKnown(by.Tenant, lens.Position, lens.AsOf ?? lens.KnownAt ?? store.Clock.GetUtcNow(), ct);
        var reached = lead.Levels.Select(level => new ReachedLevel(
            level.Level, level.Name, level.Rank, facts.Last(fact => ReferenceEquals(fact.Data, level)).OccurredAt, level.Playbook,
            [.. level.Evidence.Select(one => Shown(one, lead))]));
        return new Found(
            new LeadLevelAnswer(id, lead.Level?.Level, since, [.. reached], Next(lead, playbook.Document?.Levels ?? [])), events[^1].Version, held);
    }

    private static NextLevel? Next(Lead lead, IReadOnlyList<LevelSection> levels)
    {
        var next = levels.ElementAtOrDefault(LeadLevels.Next(lead, levels));
        return next is null || lead is not { IsClosed: false, MergedInto: null, Flag: null } ? null : new NextLevel(
            next.Key, next.Name,
            [.. LeadLevels.Missing(lead, next).Select(one => new MissingEvidence(one.Key, one.Name, one.Serves(), one.NearIn(lead)))]);
    }

    private static (Lead, DateTimeOffset?) After((Lead Lead, DateTimeOffset? Since) known, Recorded fact)
    {
        var lead = Lead.Evolve(known.Lead, (ILeadEvent)fact.Data);
        return (lead, lead.Level?.Level == known.Lead.Level?.Level ? known.Since : fact.OccurredAt);
    }

    // What serves now may be another than what did when it rose.
    private static EvidenceAnswer Shown(Evidence asked, Lead lead)
    {
        var found = asked.FoundIn(lead);
        var one = found ?? asked;
        return new(one.Key, one.Name, one.Serves(), one.AttachmentId, one.Field, one.TouchId, found is not null);
    }
}
