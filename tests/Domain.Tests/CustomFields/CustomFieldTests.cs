using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.CustomFields;

public sealed class CustomFieldTests
{
    [Theory]
    [InlineData(FieldType.Text, "  slow  service ", "slow  service")]
    [InlineData(FieldType.Number, "0012.50", "12.5")]
    [InlineData(FieldType.Number, "-0.0", "0")]
    [InlineData(FieldType.Number, "1000000", "1000000")]
    [InlineData(FieldType.Date, "2026-02-28", "2026-02-28")]
    [InlineData(FieldType.Boolean, "True", "true")]
    [InlineData(FieldType.Choice, "red", "red")]
    public void A_value_has_one_normal_form_and_keeps_it(FieldType type, string said, string normal)
    {
        Read(type, new(said, WrittenForm.Text)).ShouldBe((normal, default, null));
        Read(type, new(normal, WrittenForm.Text)).Value.ShouldBe(normal);
    }

    [Theory]
    [InlineData(FieldType.Number, "12", WrittenForm.Number, "12")]
    [InlineData(FieldType.Boolean, "false", WrittenForm.Truth, "false")]
    public void Numbers_and_truths_may_be_written_as_what_they_are(FieldType type, string said, WrittenForm form, string normal) =>
        Read(type, new(said, form)).Value.ShouldBe(normal);

    [Theory]
    [InlineData(FieldType.Text, "1", WrittenForm.Number, ConditionError.WrongType)]
    [InlineData(FieldType.Text, "a\nb", WrittenForm.Text, ConditionError.BadText)]
    [InlineData(FieldType.Number, "1,5", WrittenForm.Text, ConditionError.WrongType)]
    [InlineData(FieldType.Date, "28.2.2026", WrittenForm.Text, ConditionError.NotADate)]
    [InlineData(FieldType.Date, "2026-02-30", WrittenForm.Text, ConditionError.NotADate)]
    [InlineData(FieldType.Boolean, "yes", WrittenForm.Text, ConditionError.WrongType)]
    [InlineData(FieldType.Choice, "Red", WrittenForm.Text, ConditionError.NotOneOf)]
    public void Any_other_value_is_told_what_would_be_right(FieldType type, string said, WrittenForm form, ConditionError error)
    {
        var (value, wrong, message) = Read(type, new(said, form));
        (value, wrong).ShouldBe((null, error));
        message.ShouldNotBeNull().ShouldStartWith("Colour is ");
    }

    [Fact]
    public void A_text_has_three_hundred_characters_at_most()
    {
        Read(FieldType.Text, new(string.Concat(Enumerable.Repeat("𠮷", 300)), WrittenForm.Text)).Value.ShouldNotBeNull();
        Read(FieldType.Text, new(new string('x', 301), WrittenForm.Text)).Error.ShouldBe(ConditionError.TooLong);
    }

    [Fact]
    public void Values_are_equal_by_what_they_say_and_stand_in_one_order()
    {
        var one = CustomValues.Of([new("b", "1"), new("a", "2")])!;
        var other = CustomValues.Of([new("a", "2"), new("b", "1")])!;

        one.ShouldBe(other);
        one.GetHashCode().ShouldBe(other.GetHashCode());
        Json.Body(one).ShouldBe("""{"a":"2","b":"1"}""");
        Json.Read(typeof(CustomValues), """{"b":"1","a":"2"}""").ShouldBe(one);
        CustomValues.Of([]).ShouldBeNull();
    }

    [Theory]
    [InlineData(FieldType.Number, "gt", "10", "12", true)]
    [InlineData(FieldType.Number, "gt", "10", "9", false)]
    [InlineData(FieldType.Date, "lt", "2026-03-01", "2026-02-28", true)]
    [InlineData(FieldType.Number, "gt", "10", "was a text once", false)]
    public void Conditions_compare_what_a_value_means(FieldType type, string word, string wanted, string value, bool holds)
    {
        var field = Field(type).Field;
        var operand = Operand.Read(field, new(wanted, WrittenForm.Word), _ => default).Value!;
        var test = new Condition.Test(field, Spelling.Operator(word)!.Value, [operand]);

        test.Holds(name => name == "custom.colour" ? value : null).ShouldBe(holds);
    }

    private static (string? Value, ConditionError Error, string? Message) Read(FieldType type, WrittenValue said) => Field(type).Read(said);

    private static CustomField Field(FieldType type) =>
        new(new(FieldRecord.Lead, "colour", "Colour", type, type == FieldType.Choice ? ["red", "blue"] : null));
}
