using Crm.Domain.CustomFields;
using Crm.Domain.Forecasting;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against the factors of forecasts: those that nothing could ever be read of, and those that count for
/// nobody.</summary>
internal sealed class FactorsCheck
{
    private static readonly string[] FieldsOfAll = ["competitor", "source", "product"];

    private static readonly string[] KnowableOfAll =
        ["customerId", "competitor", "expectedClose", "product", "region", "rep", "source", "team"];

    private readonly List<PlaybookFault> faults = [];
    private readonly PlaybookDocument document;
    private readonly RecordFields own;

    private FactorsCheck(PlaybookDocument document) =>
        (this.document, own) = (document, RecordFields.Of(document, FieldRecord.Opportunity));

    public static IReadOnlyList<PlaybookFault> Of(PlaybookDocument document)
    {
        var check = new FactorsCheck(document);
        var factors = document.Forecast?.Factors ?? [];
        check.faults.AddRange(PlaybookFault.Twice("/forecast/factors", factors.Select(factor => factor.Key)));
        foreach (var (i, factor) in factors.Index())
        {
            var at = $"/forecast/factors/{i}";
            check.Reads(at, factor);
            check.Asks(at, factor);
            check.Scale(at, factor);
            check.Weights(at, factor);
        }

        check.Engines();
        return check.faults;
    }

    // What stands there and is never read was meant for something.
    private void Reads(string at, FactorSection factor)
    {
        var kind = KindOf(factor);
        (string Member, bool IsThere, bool IsRead)[] members =
        [
            ("days", factor.Days is not null, factor.From is FactorFrom.Activity or FactorFrom.Engagement),
            ("field", factor.Field is not null, factor.From == FactorFrom.Field),
            ("values", factor.Values is not null, factor.From == FactorFrom.Field && kind is null or FieldType.Text or FieldType.Choice),
            ("otherPercent", factor.OtherPercent is not null,
                factor.From == FactorFrom.Field && kind is null or FieldType.Text or FieldType.Choice),
            ("fields", factor.Fields is not null, factor.From == FactorFrom.Qualification),
            ("labels", factor.Labels is not null, factor.From == FactorFrom.Evidence),
            ("flows", factor.Flows is not null, factor.From == FactorFrom.Evidence),
            ("source", factor.Source is not null, factor.From == FactorFrom.Source),
            ("low", factor.Low is not null || factor.High is not null, IsScaled(factor, kind))
        ];
        foreach (var (member, _, _) in members.Where(one => one.IsThere && !one.IsRead))
        {
            Wrong($"{at}/{member}", "playbook.factor", "This factor never reads it; leave it out, or take another 'from'.");
        }
    }

    private void Asks(string at, FactorSection factor)
    {
        switch (factor.From)
        {
            case FactorFrom.Source when factor.Source is null:
                Wrong($"{at}/source", "playbook.factor", "Name the data source that it is read of.");
                break;
            case FactorFrom.Evidence when !(factor.Labels ?? []).Concat(factor.Flows ?? []).Any():
                Wrong($"{at}/labels", "playbook.factor", "Name what has to be there: labels of attachments, or flows of approvals.");
                break;
            case FactorFrom.Qualification when factor.Fields is not { Count: > 0 }:
                Wrong($"{at}/fields", "playbook.factor", "Name the fields that should be known.");
                break;
            case FactorFrom.Field when factor.Field is null:
                Wrong($"{at}/field", "playbook.factor", "Name the field that it is read of.");
                break;
            case FactorFrom.Field when KindOf(factor) is null or FieldType.Date:
                Unknown($"{at}/field", factor.Field!, FieldsOfAll);
                break;
            case FactorFrom.Field when KindOf(factor) is FieldType.Text or FieldType.Choice
                && factor is { Values: null or [], OtherPercent: null }:
                Wrong($"{at}/values", "playbook.factor", "Say how good which value is, or any other.");
                break;
        }

        foreach (var (i, field) in (factor.Fields ?? []).Index().Where(one => !KnowableOfAll.Contains(one.Item) && Own(one.Item) is null))
        {
            Unknown($"{at}/fields/{i}", field, KnowableOfAll);
        }

        foreach (var (i, flow) in (factor.Flows ?? []).Index()
            .Where(one => document.Approvals?.Any(flow => flow.Key == one.Item) != true))
        {
            Wrong($"{at}/flows/{i}", "playbook.flow-unknown", $"There is no approval flow '{flow}' in this document.");
        }

        Twice($"{at}/values", (factor.Values ?? []).Select(value => value.Value), "value");
    }

    private void Scale(string at, FactorSection factor)
    {
        if (factor.Low is null != factor.High is null || factor.Low is { } low && low == factor.High)
        {
            Wrong($"{at}/{(factor.Low is null ? "low" : "high")}", "playbook.factor-scale", "Send low and high, and two that differ.");
        }
        else if (factor.Low is null && (factor.From == FactorFrom.Source || KindOf(factor) == FieldType.Number))
        {
            Wrong($"{at}/low", "playbook.factor-scale", "Say what counts as nothing and what as all: low and high.");
        }
    }

    private void Weights(string at, FactorSection factor)
    {
        Twice($"{at}/weights", factor.Weights.Select(weight => weight.Industry), "industry");
        if (factor.Weights.All(weight => weight.Percent == 0))
        {
            Wrong($"{at}/weights", "playbook.factor-weightless", "It counts in no industry; give it a weight, or leave it out.");
        }
    }

    private void Engines()
    {
        var forecast = document.Forecast;
        Engine("/forecast/engine", forecast?.Engine);
        foreach (var (i, one) in (forecast?.Engines ?? []).Index())
        {
            Engine($"/forecast/engines/{i}/engine", one.Engine);
            if (document.Pipelines?.Any(pipeline => pipeline.Key == one.Pipeline) != true)
                Wrong($"/forecast/engines/{i}/pipeline", "playbook.pipeline-unknown", $"There is no pipeline '{one.Pipeline}' in this document.");
        }

        Twice("/forecast/engines", (forecast?.Engines ?? []).Select(one => one.Pipeline), "pipeline");
        foreach (var (i, shadow) in (forecast?.Shadows ?? []).Index())
        {
            Engine($"/forecast/shadows/{i}", shadow);
        }
    }

    private void Engine(string at, string? engine)
    {
        if (engine is not null && !ForecastEngines.Names.Contains(engine))
            Wrong(at, "playbook.engine-unknown", $"There is no engine '{engine}'; there are: {string.Join(", ", ForecastEngines.Names)}.");
    }

    private static bool IsScaled(FactorSection factor, FieldType? kind) => factor.From switch
    {
        FactorFrom.Field => kind == FieldType.Number,
        FactorFrom.DecisionChain or FactorFrom.Evidence or FactorFrom.Qualification => false,
        _ => true
    };

    private FieldType? KindOf(FactorSection factor) => factor.From != FactorFrom.Field || factor.Field is not { } field ? null
        : FieldsOfAll.Contains(field) ? FieldType.Text : Own(field)?.Section.Type;

    private CustomField? Own(string field) => CustomValues.KeyIn(field) is { } key ? own.Find(key) : null;

    private void Unknown(string pointer, string field, IReadOnlyList<string> ofAll) => Wrong(pointer, "playbook.field-unknown",
        $"'{field}' is nothing that this can be read of; there are: {string.Join(", ", ofAll.Concat(own.All.Select(one => one.Field.Name)))}.");

    private void Twice(string at, IEnumerable<string> values, string member) => faults.AddRange(values.Index()
        .GroupBy(one => one.Item, StringComparer.Ordinal).Where(same => same.Count() > 1)
        .Select(twice => new PlaybookFault($"{at}/{twice.Last().Index}/{member}", "playbook.twice", $"'{twice.Key}' is there twice.")));

    private void Wrong(string pointer, string code, string message) => faults.Add(new(pointer, code, message));
}
