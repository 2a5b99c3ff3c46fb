using Crm.Domain.CustomFields;
using Crm.Domain.Leads;

namespace Crm.Domain.Tests.Leads;

/// <summary>What a lead knows by the fields of its playbook.</summary>
public sealed class CustomLeadTests() : Spec<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance)
{
    private static readonly Guid Part = Guid.Parse("01920000-0000-7000-8000-000000000031");
    private static readonly LeadCaptured Captured = new("web", Custom: Values(("budget", "5"), ("pains", "slow")));

    [Fact]
    public void A_lead_is_captured_with_them() => Given().When(new CaptureLead("web", Custom: Captured.Custom)).Then(Captured);

    [Fact]
    public void Only_those_that_become_another_are_a_fact() =>
        Given(Captured).When(new ChangeLead(Custom: Values(("budget", "5"), ("pains", "dear"))))
            .Then(new LeadChanged(Custom: Values(("pains", "dear"))));

    [Fact]
    public void One_is_taken_away_by_its_name() =>
        Given(Captured).When(new ChangeLead(Cleared: ["custom.pains", "custom.never"])).Then(new LeadChanged(Cleared: ["custom.pains"]));

    [Fact]
    public void All_are_taken_away_at_once() =>
        Given(Captured).When(new ChangeLead(Cleared: ["custom"])).Then(new LeadChanged(Cleared: ["custom.budget", "custom.pains"]));

    [Fact]
    public void What_was_not_changed_stays() =>
        After(Captured, new LeadChanged(Cleared: ["custom.pains"]), new LeadChanged(Custom: Values(("size", "7")))).Details!.Custom
            .ShouldBe(Values(("budget", "5"), ("size", "7")));

    [Fact]
    public void A_part_lends_those_that_the_whole_does_not_know_and_takes_them_with_it()
    {
        var lent = new LeadAbsorbed(Part, 1).Lending(new("web", Custom: Values(("budget", "9"), ("size", "7"))));
        var whole = After(Captured, lent);

        whole.Details!.Custom.ShouldBe(Values(("budget", "5"), ("pains", "slow"), ("size", "7")));
        whole.Known!.Borrowed.ShouldBe(["custom.size"]);
        Lead.Evolve(whole, new LeadReleased([Part], 1, 1)).Details!.Custom.ShouldBe(Captured.Custom);
        Lead.Evolve(whole, new LeadChanged(Cleared: ["custom.size"])).Details!.Custom.ShouldBe(Captured.Custom, "whoever knew it");
    }

    private static CustomValues? Values(params (string Key, string Value)[] values) =>
        CustomValues.Of(values.Select(value => KeyValuePair.Create(value.Key, value.Value)));
}
