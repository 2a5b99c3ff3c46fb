using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Playbooks;

public sealed class FieldsCheckTests
{
    private static readonly FieldSection Pains = new(FieldRecord.Lead, "painPoints", "Pain points", KnownAtCapture: true);
    private static readonly string[] Rules = ["/assignment/rules/0", "/flags/rules/0", "/scoring/rules/0"];

    private static readonly FieldSection Budget = new(FieldRecord.Lead, "budget", "Budget", FieldType.Number);

    [Fact]
    public void Fields_of_each_kind_of_record_have_keys_of_their_own() => Faults(
        Pains, Pains with { Record = FieldRecord.Customer, KnownAtCapture = false },
        new(FieldRecord.Opportunity, "phase", "Phase", FieldType.Choice, ["one", "two"], Required: true)).ShouldBeEmpty();

    [Fact]
    public void Two_fields_of_one_kind_of_record_have_two_keys() => Faults(Pains, Pains).ShouldBe(["/fields/1/key playbook.twice"]);

    [Theory]
    [InlineData("PainPoints")]
    [InlineData("pain-points")]
    [InlineData("1st")]
    [InlineData("company")]
    [InlineData("rep")]
    [InlineData("custom")]
    public void A_key_is_a_word_of_its_own(string key) => Faults(Pains with { Key = key }).ShouldBe(["/fields/0/key playbook.field-key"]);

    [Fact]
    public void Choices_are_there_where_something_is_chosen_and_each_once() => Faults(
        Pains with { Type = FieldType.Choice }, Pains with { Key = "b", Choices = ["x"] },
        Pains with { Key = "c", Type = FieldType.Choice, Choices = ["x", "x"] },
        Pains with { Key = "d", Type = FieldType.Choice, Choices = [" x"] })
        .ShouldBe(Enumerable.Range(0, 4).Select(i => $"/fields/{i}/choices playbook.field-choices"));

    [Fact]
    public void Only_leads_are_captured() =>
        Faults(Pains with { Record = FieldRecord.Opportunity }).ShouldBe(["/fields/0/knownAtCapture playbook.field-capture"]);

    [Fact]
    public void A_record_has_a_hundred_fields_of_its_own_at_most() =>
        Faults([.. Enumerable.Range(0, 101).Select(i => Pains with { Key = $"field{i}" })]).ShouldBe(["/fields/100 playbook.field-count"]);

    [Fact]
    public void Rules_ask_the_fields_that_there_are_by_what_they_hold()
    {
        PlaybookDocument Asking(string @operator, object value) => B2B with
        {
            Assignment = new([new("rich", "Rich", When("custom.budget", @operator, value))]),
            Fields = [Budget],
            Scoring = new([new("rich", "Rich", 10, When("custom.budget", @operator, value))]),
            Flags = new([new("poor", "Poor", RecordFlag.Junk, When("custom.budget", @operator, value))]),
            Levels = [new("L1", "Known", [new("budget", "Budget", Field: "custom.budget")])]
        };

        Faults(Asking("gt", 1000)).ShouldBeEmpty();
        Faults(Asking("gt", "much")).ShouldBe(
            Rules.Select(rule => $"{rule}/when/value playbook.condition"), ignoreOrder: true);
        Faults(Asking("gt", 1000) with { Fields = [Pains] }).ShouldBe(
            [.. Rules.Select(rule => $"{rule}/when/field playbook.condition"), "/levels/0/evidence/0/field playbook.field-unknown"],
            ignoreOrder: true);
    }

    [Fact]
    public void What_no_value_of_a_field_can_be_never_fires()
    {
        object[] both =
        [
            new { field = "custom.budget", @operator = "gt", value = 5 }, new { field = "custom.budget", @operator = "lt", value = 4 }
        ];
        var never = WithRules(new AssignmentRuleSection("odd", "Odd", Json(new { all = both })));

        Faults(never with { Fields = [Budget] }).ShouldBe(["/assignment/rules/0/when playbook.rule-never-fires"]);
    }

    [Fact]
    public void What_cannot_be_chosen_is_not_asked_for()
    {
        var size = new FieldSection(FieldRecord.Lead, "size", "Size", FieldType.Choice, ["small", "large"]);
        object[] parts = [new { field = "custom.size", @operator = "in", value = new[] { "small", "huge" } }, new { field = "custom.size", @operator = "contains", value = "hu" }];
        var asking = WithRules(new("plain", "Plain", When("custom.size", "eq", "large")), new("odd", "Odd", Json(new { any = parts })));

        Faults(asking with { Fields = [size] }).ShouldBe(["/assignment/rules/1/when/any/0/value playbook.condition"]);
    }

    private static IEnumerable<string> Faults(params FieldSection[] fields) => Faults(B2B with { Fields = fields });

    private static IEnumerable<string> Faults(PlaybookDocument document) =>
        PlaybookCheck.Of(document, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}");
}
