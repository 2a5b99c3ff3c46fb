using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Api.Audit;
using Crm.Projections;

namespace Crm.Api.Tests.Audit;

public sealed partial class SentencesTests
{
    private static readonly IReadOnlyList<string> Kinds = EventCatalog.Types.AliasesOf(typeof(object));

    public static TheoryData<string> Spoken => [.. Languages.All];

    [Theory]
    [MemberData(nameof(Spoken))]
    public void There_is_a_sentence_for_every_event_and_for_no_other(string language) =>
        Sentences.In(language).Kinds.Keys.Order(StringComparer.Ordinal).ShouldBe(Kinds);

    [Theory]
    [MemberData(nameof(Spoken))]
    public void A_sentence_names_only_what_its_event_or_its_record_has(string language)
    {
        foreach (var (kind, template) in Sentences.In(language).Kinds)
        {
            var names = Place().Matches(template).Select(m => m.Groups[1].Value).Except(["subject", "changes"]);
            names.Where(name => !Fields(kind, name).Contains(name)).ShouldBeEmpty($"{kind}: {template}");
        }
    }

    [Fact]
    public void Every_field_of_a_record_has_a_Chinese_name()
    {
        Crm.Api.Lists.RecordList[] lists =
        [
            Crm.Api.Leads.LeadAnswer.List, Crm.Api.Customers.CustomerAnswer.List, Crm.Api.Contacts.ContactAnswer.List,
            Crm.Api.Campaigns.CampaignAnswer.List, Crm.Api.Opportunities.OpportunityAnswer.List, Crm.Api.Orders.OrderAnswer.List, Crm.Api.Tasks.TaskAnswer.List,
            Crm.Api.Commitments.CommitmentAnswer.List
        ];
        var fields = lists.SelectMany(list => list.Members).Except(["id", "touches", "lastTouchAt", "customer", "lead"]);

        fields.Where(field => Sentences.In(Languages.Chinese).Word(field) == field).ShouldBeEmpty();
    }

    [Fact]
    public void Both_languages_say_the_same_of_an_event()
    {
        var (english, chinese) = (Sentences.In(Languages.English).Kinds, Sentences.In(Languages.Chinese).Kinds);
        foreach (var kind in Kinds)
        {
            Places(chinese[kind]).ShouldBe(Places(english[kind]), ignoreOrder: true, kind);
        }
    }

    [Fact]
    public void Both_languages_say_the_same_of_an_alert()
    {
        var (english, chinese) = (Sentences.In(Languages.English).Alerts, Sentences.In(Languages.Chinese).Alerts);

        chinese.Keys.Order(StringComparer.Ordinal).ShouldBe(english.Keys.Order(StringComparer.Ordinal));
        english.Keys.ShouldAllBe(kind => Places(chinese[kind]).Order().SequenceEqual(Places(english[kind]).Order()));
    }

    [Theory]
    [InlineData("won “{subject}”[ at {amount}].", "won “Pump”.")]
    [InlineData("[{amount} ]{subject}[ ({subject}, {amount})]", "Pump")]
    [InlineData("moved to {amount}", "moved to none")]
    public void What_is_in_brackets_is_left_out_when_a_value_is_not_known(string template, string expected) =>
        Sentences.In(Languages.English).Fill(template, name => name == "subject" ? "Pump" : null).ShouldBe(expected);

    [Theory]
    [InlineData("won “{subject}”[ at {amount}].", "won “Pump”.")]
    [InlineData("moved to {amount} by {rep}", "moved to hidden by none")]
    public void What_is_hidden_is_not_told_as_if_there_were_none(string template, string expected) =>
        Sentences.In(Languages.English).Fill(template, name => name == "subject" ? "Pump" : null, name => name == "amount").ShouldBe(expected);

    private static IEnumerable<string> Places(string template) => Place().Matches(template).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Fields(string kind, string name)
    {
        var data = EventCatalog.Types.TypeOf(kind)!;
        var (type, prefix) = name.Split('.') is ["before" or "after", _]
            ? (data.GetInterfaces()[0].Name switch
            {
                "IOpportunityEvent" => Catalog.Opportunities.RowType,
                "ILeadEvent" => Catalog.Leads.RowType,
                "IContactEvent" => Catalog.Contacts.RowType,
                "ICampaignEvent" => Catalog.Campaigns.RowType,
                "IOrderEvent" => Catalog.Orders.RowType,
                "ITaskEvent" => Catalog.Tasks.RowType,
                "ISpotCheckEvent" => Catalog.SpotChecks.RowType,
                "IApprovalEvent" => Catalog.Approvals.RowType,
                "ICommitmentEvent" => Catalog.Commitments.RowType,
                "IDeliveryPlanEvent" => Catalog.DeliveryPlans.RowType,
                "IAlertEvent" => Catalog.Alerts.RowType,
                "IForecastEvent" => Catalog.Forecasts.RowType,
                _ => Catalog.Customers.RowType
            }, name.Split('.')[0] + ".")
            : name.Split('.') is [var part, _] && data.GetProperties().SingleOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == part) is { } inner
                ? (inner.PropertyType, part + ".")
                : (data, "");
        return type.GetProperties().Select(p => prefix + JsonNamingPolicy.CamelCase.ConvertName(p.Name));
    }

    [GeneratedRegex(@"\{([A-Za-z.]+)\}")]
    private static partial Regex Place();
}
