using Crm.Domain.Access;
using Crm.Domain.Webhooks;

namespace Crm.Domain.Tests.Webhooks;

public sealed class WebhookTests() : Spec<Webhook, IWebhookCommand, IWebhookEvent>(WebhookDecider.Instance)
{
    private const string Url = "https://hooks.example.com/crm";

    private static readonly Rights All = Rights.Everything;
    private static readonly Rights Manager = All with { Scope = RecordScope.Subtree };
    private static readonly Rights Analyst = All with { HiddenFields = ["lead.email"] };
    private static readonly Rights Clerk = All with { Functions = [Functions.WebhooksManage, Functions.LeadsRead] };

    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid First = new("0198c5f2-9c40-4d11-8c1b-2f6e5d4c3b2a");
    private static readonly Guid Second = new("0198c5f2-9d51-4d11-8c1b-2f6e5d4c3b2a");
    private static readonly Guid Again = new("0198c5f2-9e62-4d11-8c1b-2f6e5d4c3b2a");

    private static readonly Wanted Leads = new(["lead"], [Functions.LeadsRead]);
    private static readonly Wanted Sales = new(["lead", "opportunity"], [Functions.LeadsRead, Functions.OpportunitiesRead]);
    private static readonly WebhookRegistered Registered = new(Url, Sales.Events, Sales.Needs, [], Personal: true, First);

    [Fact]
    public void What_happens_is_told_to_an_address() =>
        Given().When(new RegisterWebhook(Url, Sales, Personal: true, null, First, All)).Then(Registered);

    [Fact]
    public void What_is_hidden_from_who_registers_it_is_never_told() =>
        Given().When(new RegisterWebhook(Url, Sales, Personal: true, null, First, Analyst)).Then(Registered with { Hidden = ["lead.email"] });

    [Fact]
    public void Who_sees_only_some_records_has_nothing_told() =>
        Given().When(new RegisterWebhook(Url, Leads, Personal: false, null, First, Manager)).ThenRejected("webhook.beyond-own");

    [Fact]
    public void Nobody_has_records_told_that_he_may_not_read() =>
        Given().When(new RegisterWebhook(Url, Sales, Personal: false, null, First, Clerk)).ThenRejected("webhook.beyond-own");

    [Fact]
    public void Nobody_directs_elsewhere_what_he_may_not_see()
    {
        Given(Registered).When(new ChangeWebhook("https://mine.example.com", null, null, null, [], Clerk)).ThenRejected("webhook.beyond-own");
        Given(Registered).When(new ChangeWebhook("https://mine.example.com", null, null, null, [], Analyst)).ThenRejected("webhook.beyond-own");
        Given(Registered).When(new RotateWebhookSecret(Second, Monday, Clerk)).ThenRejected("webhook.beyond-own");
        Given(Registered).When(new ReplayWebhook(Again, 0, 10, null, Clerk)).ThenRejected("webhook.beyond-own");
        Given(Registered, new WebhookDisabled(DisabledBecause.Asked)).When(new EnableWebhook(Clerk)).ThenRejected("webhook.beyond-own");
    }

    [Fact]
    public void Nobody_has_more_told_than_he_may_read() =>
        Given(Registered with { Events = Leads.Events, Needs = Leads.Needs })
            .When(new ChangeWebhook(null, Sales, null, null, [], Clerk)).ThenRejected("webhook.beyond-own");

    [Fact]
    public void What_is_given_is_changed_and_the_rest_stays() =>
        Given(Registered with { Description = "sales" })
            .When(new ChangeWebhook(null, Leads, false, null, ["description"], All))
            .Then(new WebhookChanged(null, Leads.Events, Leads.Needs, false, null, ["description"]));

    [Fact]
    public void What_is_so_already_changes_nothing() =>
        Given(Registered).When(new ChangeWebhook(Url, Sales, true, null, ["description"], All)).ThenNothing();

    [Fact]
    public void A_new_secret_takes_the_place_of_the_old_one_which_signs_for_a_while()
    {
        Given(Registered).When(new RotateWebhookSecret(Second, Monday, All)).Then(new WebhookSecretRotated(Second, Monday));
        After(Registered, new WebhookSecretRotated(Second, Monday)).Retiring.ShouldBe((First, Monday));
    }

    [Fact]
    public void A_webhook_is_disabled_once_by_whomever() =>
        Given(Registered, new WebhookDisabled(DisabledBecause.Asked)).When(new DisableWebhook(DisabledBecause.Gone, "HTTP 410")).ThenNothing();

    [Fact]
    public void A_disabled_webhook_is_enabled_again() =>
        Given(Registered, new WebhookDisabled(DisabledBecause.Gone)).When(new EnableWebhook(All)).Then(new WebhookEnabled());

    [Fact]
    public void A_disabled_webhook_is_sent_nothing_again() =>
        Given(Registered, new WebhookDisabled(DisabledBecause.Failing)).When(new ReplayWebhook(Again, 0, 10, null, All)).ThenRejected("webhook.disabled");

    [Fact]
    public void A_span_is_sent_again() =>
        Given(Registered).When(new ReplayWebhook(Again, 0, 10, null, All)).Then(new WebhookReplayAsked(Again, 0, 10));

    [Fact]
    public void One_that_was_removed_is_there_no_more()
    {
        Given(Registered).When(new RemoveWebhook()).Then(new WebhookRemoved());
        Given(Registered, new WebhookRemoved()).When(new EnableWebhook(All)).ThenRejected("webhook.unknown");
    }

    [Fact]
    public void One_that_never_was_is_not_changed() =>
        Given().When(new ChangeWebhook(Url, null, null, null, [], All)).ThenRejected("webhook.unknown");
}
