using Crm.Domain.Contacts;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class EntryActionsCheckTests
{
    private static readonly EntryActionSection Review = new("review", "Review", Task: new("Review", new(Days: 1)));

    [Fact]
    public void What_can_be_done_is_well() => FaultsOf(
        Review, new("mail", "Mail", Mail: new("proposal")), new("chain", "Chain", Mail: new("proposal", BuyingRoles.All)),
        new("file", "File", Document: new("proposal", "proposal")),
        new("ask", "Ask", Documents.When("amount", "gt", 100_000), Approval: new("contract")),
            new("tell", "Tell", Webhook: new("proposal-sent"))).ShouldBeEmpty();

    [Fact]
    public void An_action_is_one_thing()
    {
        FaultsOf(new EntryActionSection("none", "None")).ShouldBe([" playbook.action-of"]);
        FaultsOf(Review with { Webhook = new("topic") }).ShouldBe([" playbook.action-of"]);
        FaultsOf(Review, Review).ShouldBe(["1/key playbook.twice"]);
    }

    [Fact]
    public void What_it_names_is_there_and_fits()
    {
        FaultsOf(new EntryActionSection("mail", "Mail", Mail: new("none"))).ShouldBe(["/mail/template playbook.template-unknown"]);
        FaultsOf(new EntryActionSection("mail", "Mail", Mail: new("welcome"))).ShouldBe(["/mail/template playbook.template-of-other"]);
        FaultsOf(new EntryActionSection("mail", "Mail", Mail: new("bare"))).ShouldBe(["/mail/template playbook.no-unsubscribe"]);
        FaultsOf(new EntryActionSection("file", "File", Document: new("bare"))).ShouldBe(["/document/template playbook.template-html"]);
        FaultsOf(new EntryActionSection("ask", "Ask", Approval: new("none"))).ShouldBe(["/approval/flow playbook.flow-unknown"]);
        FaultsOf(new EntryActionSection("ask", "Ask", Approval: new("discount"))).ShouldBe(["/approval/flow playbook.flow-by-percent"]);
        FaultsOf(Review with { Task = new("Review", new()) }).ShouldBe(["/task/due playbook.span"]);
    }

    [Fact]
    public void A_mail_for_people_at_the_customer_is_for_some_role_and_each_role_once()
    {
        FaultsOf(new EntryActionSection("mail", "Mail", Mail: new("proposal", []))).ShouldBe(["/mail/roles playbook.mail-to-nobody"]);
        FaultsOf(new EntryActionSection("mail", "Mail", Mail: new("proposal", [BuyingRole.User, BuyingRole.Buyer, BuyingRole.User])))
            .ShouldBe(["/mail/roles/2 playbook.twice"]);
    }

    [Fact]
    public void Some_deal_that_comes_there_can_be_so() =>
        FaultsOf(Review with { When = Documents.When("stage", "eq", "Need") }).ShouldBe(["/when playbook.rule-never-fires"]);

    private static IEnumerable<string> FaultsOf(params EntryActionSection[] actions) => PlaybookCheck.Of(
        Documents.B2B with
        {
            Pipelines = [new("sales", "Sales", [new("Need"), new("Proposal", OnEntry: actions)])],
            Templates =
            [
                new("proposal", "{{opportunity.name}}", "{{opportunity.name}} {{unsubscribe}}", "<p>{{opportunity.name}}</p>"),
                new("welcome", "Welcome", "{{#if lead.company}}you{{/if}} {{unsubscribe}}"), new("bare", "Bare", "Bare")
            ],
            Approvals =
            [
                new("contract", "Contract", [new("legal", "Legal", new(Members: ["li"]))]),
                new("discount", "Discount", [new("deep", "Deep", new(Members: ["li"]), Documents.When("percent", "gt", 5))])
            ]
        }, FixedZone.Shanghai, Braces.Balanced)
        .Select(fault => $"{fault.Pointer} {fault.Code}".Replace("/pipelines/0/stages/1/onEntry/0", "")
            .Replace("/pipelines/0/stages/1/onEntry/", ""));
}
