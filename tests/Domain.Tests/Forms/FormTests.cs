using Crm.Domain.Forms;

namespace Crm.Domain.Tests.Forms;

public sealed class FormTests() : Spec<Form, IFormCommand, IFormEvent>(FormDecider.Instance)
{
    private static readonly FormPublished Published = new("Contact", "web", ["https://www.example.com"], PerMinute: 60, "website_url", Campaign: "spring");
    private static readonly PublishForm Publish = new("Contact", "web", ["https://www.example.com"], PerMinute: 60, "website_url", Campaign: "spring");

    [Fact]
    public void A_form_is_published()
    {
        var published = FormDecider.Decide(Form.None, Publish).ShouldHaveSingleItem().ShouldBeOfType<FormPublished>();

        published.ShouldBe(Published with { Origins = published.Origins });
        published.Origins.ShouldBe(Published.Origins);
    }

    [Theory]
    [InlineData("http://www.example.com")]
    [InlineData("https://www.example.com/")]
    [InlineData("https://www.example.com/contact")]
    [InlineData("https://WWW.example.com")]
    [InlineData("https://ann@www.example.com")]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("javascript:alert(1)")]
    public void An_origin_is_what_a_browser_sends(string origin) => Given().When(Publish with { Origins = [origin] }).ThenRejected("form.origin", "origins");

    [Fact]
    public void A_page_in_development_may_send_it() => FormDecider.Decide(Form.None, Publish with { Origins = ["http://localhost:3000"] }).Count.ShouldBe(1);

    [Theory]
    [InlineData("phone")]
    [InlineData("")]
    [InlineData("web site")]
    public void A_honeypot_is_none_of_the_fields(string name) => Given().When(Publish with { Honeypot = name }).ThenRejected("form.honeypot", "honeypot");

    [Fact]
    public void A_country_is_two_letters() => Given().When(Publish with { Country = "cn" }).ThenRejected("form.country", "country");

    [Fact]
    public void Only_what_becomes_another_is_a_fact()
    {
        Given(Published).When(new ChangeForm(Name: "Contact", Origins: ["https://www.example.com"], Cleared: ["product"])).ThenNothing();
        Given(Published).When(new ChangeForm(Name: "Contact", PerMinute: 30)).Then(new FormChanged(PerMinute: 30));
    }

    [Fact]
    public void What_a_form_needs_is_not_cleared() => Given(Published).When(new ChangeForm(Cleared: ["source"])).ThenRejected("form.needed", "source");

    [Fact]
    public void A_retired_form_stays_so()
    {
        Given(Published, new FormRetired()).When(new RetireForm()).ThenNothing();
        Given(Published, new FormRetired()).When(new ChangeForm(Name: "Again")).ThenRejected("form.retired");
    }
}
