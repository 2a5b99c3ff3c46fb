using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class FactorsCheckTests
{
    private static readonly FactorSection Chain = Of(FactorFrom.DecisionChain);
    private static readonly FactorSection Rival = Of(FactorFrom.Field) with { Field = "competitor", OtherPercent = 25 };
    private static readonly FactorSection Logins = Of(FactorFrom.Source) with { Source = "logins", Low = 0, High = 20 };

    [Fact]
    public void What_can_be_read_is_well() => FaultsOf(
        Chain, Rival, Logins, Of(FactorFrom.Evidence) with { Labels = ["合同草案"], Flows = ["contract"] },
        Of(FactorFrom.Activity) with { Days = 14 }, Of(FactorFrom.Engagement) with { Low = 0, High = 3 }, Of(FactorFrom.StageAge),
        Of(FactorFrom.Reschedules) with { Low = 4, High = 0 }, Of(FactorFrom.Qualification) with { Fields = ["custom.trial", "expectedClose"] },
        Of(FactorFrom.Field) with { Key = "trial", Field = "custom.trial", Low = 0, High = 100 },
        Of(FactorFrom.Field) with { Key = "certified", Field = "custom.certified", Weights = [new(20, "医疗")] }).ShouldBeEmpty();

    [Fact]
    public void A_factor_names_what_it_is_read_of()
    {
        FaultsOf(Of(FactorFrom.Field)).ShouldBe(["/field playbook.factor"]);
        FaultsOf(Of(FactorFrom.Evidence)).ShouldBe(["/labels playbook.factor"]);
        FaultsOf(Of(FactorFrom.Qualification)).ShouldBe(["/fields playbook.factor"]);
        FaultsOf(Logins with { Source = null }).ShouldBe(["/source playbook.factor"]);
        FaultsOf(Rival with { OtherPercent = null }).ShouldBe(["/values playbook.factor"]);
    }

    [Fact]
    public void What_a_factor_never_reads_is_a_fault()
    {
        FaultsOf(Chain with { Days = 3 }).ShouldBe(["/days playbook.factor"]);
        FaultsOf(Chain with { Low = 0, High = 1 }).ShouldBe(["/low playbook.factor"]);
        FaultsOf(Rival with { Source = "logins" }).ShouldBe(["/source playbook.factor"]);
        FaultsOf(Of(FactorFrom.Field) with { Field = "custom.certified", OtherPercent = 3 }).ShouldBe(["/otherPercent playbook.factor"]);
    }

    [Fact]
    public void What_it_is_read_of_is_there()
    {
        FaultsOf(Rival with { Field = "stage" }).ShouldBe(["/field playbook.field-unknown"]);
        FaultsOf(Rival with { Field = "custom.none" }).ShouldBe(["/field playbook.field-unknown"]);
        FaultsOf(Of(FactorFrom.Field) with { Field = "custom.since" }).ShouldBe(["/field playbook.field-unknown"]);
        FaultsOf(Of(FactorFrom.Qualification) with { Fields = ["rep", "amount"] }).ShouldBe(["/fields/1 playbook.field-unknown"]);
        FaultsOf(Of(FactorFrom.Evidence) with { Flows = ["none"] }).ShouldBe(["/flows/0 playbook.flow-unknown"]);
    }

    [Fact]
    public void A_scale_has_two_ends_that_differ()
    {
        FaultsOf(Logins with { High = null }).ShouldBe(["/high playbook.factor-scale"]);
        FaultsOf(Logins with { High = 0 }).ShouldBe(["/high playbook.factor-scale"]);
        FaultsOf(Logins with { Low = null, High = null }).ShouldBe(["/low playbook.factor-scale"]);
        FaultsOf(Of(FactorFrom.Field) with { Field = "custom.trial" }).ShouldBe(["/low playbook.factor-scale"]);
    }

    [Fact]
    public void What_counts_nowhere_or_twice_is_a_fault()
    {
        FaultsOf(Chain with { Weights = [] }).ShouldBe(["/weights playbook.factor-weightless"]);
        FaultsOf(Chain with { Weights = [new(0), new(0, "医疗")] }).ShouldBe(["/weights playbook.factor-weightless"]);
        FaultsOf(Chain with { Weights = [new(1), new(2)] }).ShouldBe(["/weights/1/industry playbook.twice"]);
        FaultsOf(Rival with { Values = [new("Acme", 1), new("Acme", 2)] }).ShouldBe(["/values/1/value playbook.twice"]);
        FaultsOf(Chain, Chain).ShouldBe(["1/key playbook.twice"]);
    }

    [Fact]
    public void Engines_are_those_there_are()
    {
        FaultsOf(new ForecastSection(Engine: "factors/1", Engines: [new("sales", "stage-weighted/1")], Shadows: ["stage-weighted/1"]))
            .ShouldBeEmpty();
        FaultsOf(new ForecastSection(Engine: "factors/0", Engines: [new("none", "x"), new("sales", "factors/1"), new("sales", "factors/1")],
            Shadows: ["x"])).ShouldBe(
            [
                "/forecast/engine playbook.engine-unknown", "/forecast/engines/0/engine playbook.engine-unknown",
                "/forecast/engines/0/pipeline playbook.pipeline-unknown", "/forecast/engines/2/pipeline playbook.twice",
                "/forecast/shadows/0 playbook.engine-unknown"
            ]);
    }

    private static FactorSection Of(FactorFrom from) => new(from.ToString(), from.ToString(), from, [new(10)]);

    private static IEnumerable<string> FaultsOf(params FactorSection[] factors) =>
        FaultsOf(new ForecastSection(Factors: factors)).Select(fault => fault.Replace("/forecast/factors/", "").TrimStart('0'));

    private static IEnumerable<string> FaultsOf(ForecastSection forecast) => PlaybookCheck.Of(
        new PlaybookDocument(
            "Sales", [new("sales", "Sales", [new("Need"), new("Quote")])],
            Approvals: [new("contract", "Contract", [new("boss", "Boss", new(Members: ["boss"]))])],
            Fields:
            [
                new(FieldRecord.Opportunity, "trial", "POC", FieldType.Number), new(FieldRecord.Opportunity, "since", "Since", FieldType.Date),
                new(FieldRecord.Opportunity, "certified", "资质认证", FieldType.Boolean)
            ],
            Forecast: forecast),
        FixedZone.Shanghai, new Braces())
        .Select(fault => $"{fault.Pointer} {fault.Code}");
}
