using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.Domain.Leads;
using Crm.Domain.Scoring;
using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Training;
using Crm.EventModel;

namespace Crm.Api.Scoring;

/// <summary>What is wanted of a training, with all that it depends on.</summary>
/// <param name="KnownAt">The last position.</param>
internal sealed record TrainingWish(
    ScoreOutcome Outcome, DateTimeOffset AsOf, long KnownAt, int MaturityDays, int HoursAfterCapture, IReadOnlyList<string> LeaveOut,
    IReadOnlyList<string> MissingMarkers)
{
    public ExampleTerms Reading(RecordFields own) =>
        new(Outcome, AsOf, MaturityDays, HoursAfterCapture, [.. own.All.Select(field => field.Field.Name)]);
}

/// <summary>
/// Trains a model on a tenant's own leads, and keeps it under an id that follows from the job: begun again, it keeps no second one.
/// </summary>
internal sealed class TrainingWork(Engine engine) : IJobKind
{
    public const string Name = "score-train";

    // With fewer of either outcome nothing can be held out, and nobody could tell how good the model is.
    private const int Fewest = 5;

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var wish = job.Request.Deserialize<TrainingWish>(EventTypes.Json)!;
        var playbook = await engine.Playbooks.AsKnown(job.Tenant, wish.KnownAt, wish.AsOf, ct);
        var (points, own) = (LeadPoints.Of(playbook.Document), LeadFields.OwnOf(playbook.Document));
        var terms = wish.Reading(own);
        var (examples, leftAside) = await new ExampleReader(engine.Store, job.Tenant, wish.KnownAt).Read(terms, points, progress, ct);
        MustBeEnough(examples);

        var table = LeadExamples.Table(examples, terms, hasPoints: points is not null);
        var plan = ModelRoom.Fitting(table, new TrainingPlan
        {
            LeftOut = wish.LeaveOut,
            MissingMarkers = wish.MissingMarkers,
            NotKnownAtCapture = [.. own.All.Where(field => !field.Section.KnownAtCapture).Select(field => field.Field.Name)]
        });
        var trained = await Task.Run(() => ScoreTraining.Train(table, plan, new Told(progress), ct), ct);
        var fact = new ScoreModelTrained(
            trained.Model, Fitting(trained.Card), wish.Outcome, wish.AsOf, wish.KnownAt, wish.MaturityDays, wish.HoursAfterCapture,
            leftAside);
        MustFit(fact);

        // From here on there is no way back, so that a training is cancelled or has its model.
        ct.ThrowIfCancellationRequested();
        var id = StreamId.From(job.Tenant, ScoreModelDecider.Instance.StreamType, job.Id.ToString());
        var by = new Caller(job.Tenant, job.AskedBy);
        var call = new Call(by, OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "api");
        var command = new KeepScoreModel(fact);
        await engine.Commands.Send(ScoreModelDecider.Instance, id, command, call, CancellationToken.None, playbook.Version);
        return JsonSerializer.SerializeToNode(Result(id, fact), AnswerJson.Options);
    }

    private static void MustBeEnough(IReadOnlyList<LeadExample> examples)
    {
        var positives = examples.Count(example => example.Converted);
        if (Math.Min(positives, examples.Count - positives) < Fewest)
        {
            throw new JobFailed(
                $"Of {examples.Count} leads whose outcome is known {positives} converted; " +
                $"it takes at least {Fewest} of either to learn anything.");
        }
    }

    private static ModelCard Fitting(ModelCard card) =>
        card with { Findings = [.. card.Findings.OrderByDescending(finding => finding.IsLeftOut).Take(ModelRoom.MostFindings)] };

    private static void MustFit(ScoreModelTrained fact)
    {
        if (JsonSerializer.SerializeToUtf8Bytes(fact, EventTypes.Json).Length > ModelRoom.Most)
        {
            throw new JobFailed($"The model would be larger than {ModelRoom.Most / 1024} KiB; leave out fields with very many values.");
        }
    }

    private static TrainingResult Result(Guid id, ScoreModelTrained fact) => new(
        id, fact.Card.Examples, fact.Card.Positives, fact.LeftAside, (double?)fact.Card.Together?.RocAuc,
        (double?)fact.Card.Together?.CalibrationError,
        [.. fact.Card.Findings.Where(finding => finding.IsLeftOut).Select(finding => finding.Field).Distinct()],
        [.. fact.Card.Findings.Where(finding => !finding.IsLeftOut).Select(finding => finding.Field).Distinct()]);

    private sealed class Told(JobProgress progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report("Learning", value.Done, value.Of);
    }
}
