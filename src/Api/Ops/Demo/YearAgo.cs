using System.Globalization;
using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Api.Pipeline;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Ops.Demo;

/// <summary>One day twice: what the screen showed then, and what we know of it today.</summary>
internal sealed record YearAgo(DateOnly Day, PipelineAnswer At, PipelineAnswer AsOf)
{
    public static async Task<YearAgo> Of(Engine engine, Caller by, DateTimeOffset until, CancellationToken ct)
    {
        await engine.CatchUp(null, ct);
        var day = DateOnly.FromDateTime(until.Date).AddYears(-1);
        var queries = new Queries(engine.Store, new Arrivals(), new FieldsInForce(engine.Playbooks));
        var report = new PipelineReport(queries, engine.Playbooks);
        return new YearAgo(day, await Ask(new Times(At: Moment.OfDay(day))), await Ask(new Times(AsOf: Moment.OfDay(day))));

        async Task<PipelineAnswer> Ask(Times times) =>
            await report.Of(by, new PipelineQuestion(times, Pipeline: "standard"), await queries.Lens(times, engine.Settings.DateTimeZone, ct), least: null, ct);
    }

    public string Table() => $"""

        The pipeline on {Text(Day)}, {At.Open.Currency}:

                       what the screen showed (at)      what we know of it today (asOf)
          open   {Line(At.Open, AsOf.Open)}
          won    {Line(At.Won, AsOf.Won)}
          lost   {Line(At.Lost, AsOf.Lost)}
        """;

    public string Invitation(string url, string key) => $$"""

        Try, in another terminal:
          export CRM_KEY={{key}}
          curl -H "Authorization: Bearer $CRM_KEY" "{{url}}/api/v1/pipeline?at={{Text(Day)}}&by=region"
          curl -H "Authorization: Bearer $CRM_KEY" "{{url}}/api/v1/pipeline?asOf={{Text(Day)}}&by=region"
          curl -H "Authorization: Bearer $CRM_KEY" "{{url}}/api/v1/opportunities?status=won&limit=3"

        What others see, such as {{SampleOrganisation.ManagerOf("East")}}, {{SampleOrganisation.Analyst}} or the rep li.na:
          curl -H "Authorization: Bearer $CRM_KEY" -H "Content-Type: application/json" -d '{"member":"li.na"}' "{{url}}/dev/token"
        """;

    private static string Line(Figure at, Figure asOf) => FormattableString.Invariant($"{Cell(at),34}   {Cell(asOf),34}");

    private static string Cell(Figure figure) =>
        FormattableString.Invariant($"{figure.Count,7:N0}  {decimal.Parse(figure.Amount ?? "0", CultureInfo.InvariantCulture),16:N0}");

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
