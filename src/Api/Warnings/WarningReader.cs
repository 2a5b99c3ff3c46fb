using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Domain;
using Crm.Domain.Conditions;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Warnings;
using Crm.Domain.Warnings.Learning;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;
using Crm.Projections.Opportunities;

namespace Crm.Api.Warnings;

/// <summary>
/// Says of opportunities by which signs they may be lost, as of any moment. Nothing of it is kept: it is made of events when it is asked
/// for, so that what is told of late or corrected is right in the past, too.
/// </summary>
public sealed class WarningReader(Queries queries, Records records, CurrentPlaybook playbooks, Cursors cursors, Store store)
{
    // So many are looked at for a page, however few of them have a sign.
    private const int MostLookedAt = 2000;
    private const int AtOnce = 250;

    public static Guid LearningOf(string tenant) => StreamId.From(tenant, WarningLearningDecider.Instance.StreamType, "main");

    /// <exception cref="Rejection">There is no such opportunity, or it is out of sight.</exception>
    public async Task<IResult> Of(Guid id, Caller by, Times times, PositionToken? least, IfNoneMatch held, CancellationToken ct)
    {
        await queries.MustHaveBeen(least, [Catalog.Opportunities], ct);

        // What comes in while this is read is not part of it.
        var (head, _) = await store.Head(ct);
        var (lens, events) = await records.Stream<IOpportunityEvent>(
            OpportunityAnswer.List, by, id, times, OpportunityEndpoints.Missing(), ct);
        var position = lens.Position ?? head;
        var moment = lens.AsOf ?? lens.KnownAt ?? Later(playbooks.Clock.GetUtcNow(), events.Max(e => e.RecordedAt).AddMicroseconds(1));
        var view = await View(by, position, moment, ct);
        var known = new Dictionary<Guid, IReadOnlyList<Recorded>> { [id] = [.. events.Where(e => e.Position <= position)] };
        var story = (await Stories(by.Tenant, known, position, lens.Until, view, ct))[id].Until(lens.Until);
        if (story.Facts.All(fact => fact.Event is not OpportunityOpened))
        {
            throw lens.Missing(OpportunityEndpoints.Missing());
        }

        var (warnings, areSomeHidden) = view.Of(story);
        var token = queries.Token(position);
        return new Positioned(
            new DealWarningsAnswer(id, lens.AsOf, lens.KnownAt, moment, position, view.Playbook, warnings, areSomeHidden), token,
            WeakTag.Of(held.Request, by, token, moment), held);
    }

    /// <summary>A page of those that have a sign.</summary>
    public async Task<IResult> AtRisk(AtRiskQuestion question, Caller by, PositionToken? least, IfNoneMatch held, CancellationToken ct)
    {
        var asked = question.Asked;
        var list = OpportunityAnswer.List;
        var listing = await Listing<OpportunityList.Row, OpportunityAnswer>.Of(queries, list, by, asked, ct);
        var lens = await queries.Lens(question.Times, by.Zone, ct);
        var bound = $"at-risk {question.Warning} {listing.Bound}";
        var from = asked.Page.Cursor is { } text ? cursors.Read(text, bound, asked.Fault("cursor")) : null;
        queries.MustBeOurs(least);
        var moment = from?.Moment ?? lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow();
        var (after, first) = (from?.Keys, from is null ? null : queries.Token(from.Position));
        var wanted = listing.Wanted with
        {
            Where = new Condition.All(
            [
                listing.Wanted.Where, new Condition.Test(list.Fields["status"].Field, Operator.Eq, [OpportunityStatus.Open]),
                new Condition.Test(list.Fields["flag"].Field, Operator.IsNull, [true])
            ])
        };
        var (items, isLast, view) = (new List<AtRiskDeal>(), false, (WarningView?)null);
        for (var looked = 0; !isLast && items.Count < asked.Page.Limit && looked < MostLookedAt; looked += AtOnce)
        {
            var (rows, shown) = await listing.Read(first, least, (seen, _, _) => seen.Rows(
                wanted, listing.Question.Sort, after is null ? null : ListReader.Values(listing.Question.Sort, after), AtOnce + 1, ct), ct);
            first ??= queries.Token(shown);
            view ??= await View(by, first.Position, moment, ct);
            MustBeASign(question.Warning, view);
            var some = rows.Take(AtOnce).ToList();
            var stories = await Stories(by.Tenant, await store.ReadStreams(
                by.Tenant, [.. some.Select(row => row.OpportunityId)], first.Position, ct), first.Position, lens.Until, view, ct);
            isLast = rows.Count <= AtOnce;
            foreach (var (i, row) in some.Index())
            {
                after = [.. listing.Question.Sort.Select(key => ListReader.Text(key, row))];
                var (warnings, areSomeHidden) = view.Of(stories[row.OpportunityId].Until(lens.Until));
                if (warnings.Count > 0 && (question.Warning is null || warnings.Any(one => one.Key == question.Warning)))
                {
                    items.Add(Deal(by, row, warnings, areSomeHidden));
                    if (items.Count == asked.Page.Limit)
                    {
                        isLast &= i == some.Count - 1;
                        break;
                    }
                }
            }
        }

        var next = isLast ? null : cursors.Write(new Cursor(first!.Position, after!, moment), bound);
        return new Positioned(
            new AtRiskAnswer(items, next, first!.Position, moment, view!.Playbook, view.Learned?.ModelId), first,
            WeakTag.Of(held.Request, by, first, bound, moment), held)
        { Links = PageLinks.Of(held.Request, next) };
    }

    private static void MustBeASign(string? key, WarningView view)
    {
        if (key is not null && key != WarningsSection.LearnedKey && view.Policy?.Rules.Any(rule => rule.Section.Key == key) != true)
            throw Problem.Invalid([Fault.InQuery(
                "warning", Code.NotOneOf, $"'{Place.Echo(key)}' is the key of no rule that warns then; what was learned is '{WarningsSection.LearnedKey}'.")]);
    }

    private async Task<WarningView> View(Caller by, long position, DateTimeOffset moment, CancellationToken ct)
    {
        var playbook = await playbooks.AsKnown(by.Tenant, position, moment, ct);
        var learning = FoldOrder.Of(
                await store.ReadStream(by.Tenant, LearningOf(by.Tenant), new ReadBound(Position: position), ct), store.Types)
            .Where(e => e.OccurredAt <= moment).Select(e => e.Data).OfType<IWarningLearningEvent>()
            .Aggregate(WarningLearning.None, WarningLearning.Evolve);
        return new(
            by, moment, playbook.Version, WarningRules.Of(playbook.Document),
            learning.InUse(playbook.Document?.Warnings?.Learned?.Use == true));
    }

    private async Task<IReadOnlyDictionary<Guid, DealStory>> Stories(
        string tenant, IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>> streams, long position, DateTimeOffset until, WarningView view,
        CancellationToken ct)
    {
        // Whose deal it was then says who decided.
        var deals = streams.ToDictionary(deal => deal.Key, IReadOnlyList<DealFact> (deal) =>
            [.. DealStories.FactsOf(deal.Value, store.Types).Where(fact => fact.At < until)]);
        if (!view.AsksForRoles)
        {
            return deals.ToDictionary(deal => deal.Key, deal => new DealStory(deal.Value, []));
        }

        var (stories, _) = await queries.Read(
            tenant, Catalog.BuyingRoles, new Lens(AsOf: null, KnownAt: null, position), least: null,
            (connection, _) => DealStories.Of(deals, connection, tenant, store.Types, Read, ct), ct);
        return stories;

        async Task<IEnumerable<Recorded>> Read(IReadOnlyCollection<Guid> contacts) =>
            (await store.ReadStreams(tenant, contacts, position, ct)).Values.SelectMany(one => one);
    }

    private static AtRiskDeal Deal(Caller by, OpportunityList.Row row, IReadOnlyList<WarningAnswer> warnings, bool areSomeHidden)
    {
        return new(
            row.OpportunityId, Shown("name") ? row.Name : null, Shown("pipeline") ? row.Pipeline : null, Shown("stage") ? row.Stage : null,
            Shown("amount") && row is { Amount: { } amount, Currency: { } currency } ? Money.Of(amount, currency) : null,
            Shown("expectedClose") ? row.ExpectedClose : null, Shown("rep") ? row.Rep : null, Shown("team") ? row.Team : null, warnings,
            areSomeHidden);

        bool Shown(string member) => !by.Sight.Hides("opportunity", member);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
