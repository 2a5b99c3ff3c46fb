using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Playbooks;

public sealed class FormsCheckTests
{
    private static readonly FormFieldSection Phone = new("phone", "Telephone", Required: true);
    private static readonly FormFieldSection Company = new("company", "Company");
    private static readonly FormFieldSection Contact = new("contact", "Name");

    [Fact]
    public void A_form_asks_what_leads_have_and_what_the_playbook_adds() =>
        Faults(Form("a", Phone, new("custom.pains", "Pains"))).ShouldBeEmpty();

    [Fact]
    public void Two_forms_have_two_keys() => Faults(Form("a", Phone), Form("a", Phone)).ShouldBe(["/forms/1/key playbook.twice"]);

    [Theory]
    [InlineData("custom.colour")]
    [InlineData("custom.seats")]
    [InlineData("pains")]
    [InlineData("rep")]
    [InlineData("campaign")]
    public void What_nobody_fills_in_is_not_asked(string field) =>
        Faults(Form("a", Phone, new(field, "?"))).ShouldBe(["/forms/0/fields/1/field playbook.field-unknown"]);

    [Fact]
    public void Nothing_is_asked_twice() => Faults(Form("a", Phone, Phone)).ShouldBe(["/forms/0/fields/1/field playbook.twice"]);

    [Fact]
    public void Whoever_fills_it_in_can_be_found_again()
    {
        Faults(Form("a", Company, Contact), Form("b", new FormFieldSection("email", "Mail"))).ShouldBeEmpty();
        Faults(Form("a", Company), Form("b"))
            .ShouldBe(["/forms/0/fields playbook.form-unreachable", "/forms/1/fields playbook.form-unreachable"]);
    }

    private static FormSection Form(string key, params FormFieldSection[] fields) => new(key, "Talk to us", fields);

    private static IEnumerable<string> Faults(params FormSection[] forms) => PlaybookCheck.Of(B2B with
    {
        Fields = [new(FieldRecord.Lead, "pains", "Pains"), new(FieldRecord.Opportunity, "seats", "Seats")],
        Forms = forms
    }, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}");
}
