using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Models;
using Crm.Domain.Scoring.Points;
using Crm.EventStore;
using Crm.Projections;

namespace Crm.Api.Scoring;

/// <summary>
/// Scores a lead when it is asked for, from its own events: the same instant, position, playbook and model give the same bytes. Points
/// follow what is known of it by then; a model reads it as it learned to read leads.
/// </summary>
public sealed class LeadScores(Queries queries, Records records, CurrentPlaybook playbooks, ScoreModels models, Store store)
{
    // What a lead's answer calls what it did.
    private const string Touches = "touches";

    /// <exception cref="Rejection">There is no such lead, or it is out of sight.</exception>
    public async Task<IResult> Of(Guid id, Caller by, Times times, PositionToken? least, IfNoneMatch held, CancellationToken ct)
    {
        await queries.MustHaveBeen(least, [Catalog.Leads], ct);
        var missing = Rejection.Unknown("lead.unknown", "There is no such lead.");

        // What comes in while this is read is not part of it.
        var (head, _) = await store.Head(ct);
        var (lens, events) = await records.Stream<ILeadEvent>(LeadAnswer.List, by, id, times, missing, ct);
        var position = lens.Position ?? head;
        List<LeadFact> facts =
            [.. ExampleReader.FactsOf([.. events.Where(e => e.Position <= position)], store.Types).Where(fact => fact.At < lens.Until)];
        if (facts.TrueForAll(fact => fact.Event is not LeadCaptured))
        {
            throw lens.Missing(missing);
        }

        var moment = lens.AsOf ?? Later(playbooks.Clock.GetUtcNow(), facts.Max(fact => fact.At).AddMicroseconds(1));
        var playbook = await playbooks.AsKnown(by.Tenant, position, moment, ct);
        var points = LeadPoints.Of(playbook.Document);
        var (active, shadow) = (await models.Used(by.Tenant, position, ct)).At(moment);
        var sight = new ReasonSight(by.Sight);
        var pointsNow = points is null ? null : Points(points, playbook.Document!.Scoring!.Bands, facts, moment, sight);
        var (modelSays, shadowSays) = (await By(active), await By(shadow));
        var answer = new LeadScoreAnswer(
            id, lens.AsOf, lens.KnownAt, moment, position, playbook.Version, pointsNow, modelSays, shadowSays, sight.HasHidden);
        var token = queries.Token(position);
        return new Positioned(answer, token, WeakTag.Of(held.Request, by, token, moment), held);

        async Task<ModelScoreAnswer?> By(Guid? model) =>
            model is { } used ? Scored(await models.One(by.Tenant, used, ct), facts, points, sight) : null;
    }

    private static PointsAnswer Points(
        PointsModel model, ScoreBandsSection? bands, IReadOnlyList<LeadFact> facts, DateTimeOffset moment, ReasonSight sight)
    {
        var row = LeadFields.RowOf(facts.Select(fact => fact.Event).Aggregate(Lead.None, Lead.Evolve));
        var score = model.Score(moment, row, LeadBehaviour.Of(facts));
        var reasons = score.Reasons.Where(reason => sight.Sees(reason.Count is null ? reason.Fields : [Touches]))
            .Select(reason => new PointsReasonAnswer(
                reason.Key, reason.Label, (double)reason.Points, reason.Fields, reason.Count, reason.Latest));
        return new((double)score.Score, (double)score.Total, LeadPoints.BandOf(bands, score.Score), [.. reasons]);
    }

    private static ModelScoreAnswer Scored(KeptModel kept, IReadOnlyList<LeadFact> facts, PointsModel? points, ReasonSight sight)
    {
        var (model, reading) = (kept.Trained.Model, LeadReading.Of(facts, kept.Trained.HoursAfterCapture)!);
        var score = model.Apply(field => reading[field], model.Points is null || points is null ? null : reading.Points(points));
        var reasons = score.Reasons.Where(reason => sight.Sees([reason.Field]))
            .Select(reason => new ModelReasonAnswer(
                reason.Field, reason.Kind, (double)reason.LogOdds, reason.Value, (double?)reason.From, (double?)reason.To));
        return new(
            kept.Id, model.Hash, (double)score.Probability, (double)score.Score, (double)score.LogOdds, (double)model.Intercept, reading.At,
            [.. reasons]);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>A reason tells what is in the fields that it rests on: to whom they are hidden it is not told.</summary>
    private sealed class ReasonSight(Sight sight)
    {
        public bool HasHidden { get; private set; }

        public bool Sees(IReadOnlyList<string> fields)
        {
            var isHidden = fields.Any(field => sight.Hides("lead", MemberOf(field)));
            HasHidden |= isHidden;
            return !isHidden;
        }

        // What a lead's answer calls it.
        private static string MemberOf(string field) => field switch
        {
            "hasEmail" => "email",
            "hasPhone" => "phone",
            "hasContact" => "contact",
            _ => field.Split('.')[0]
        };
    }
}
