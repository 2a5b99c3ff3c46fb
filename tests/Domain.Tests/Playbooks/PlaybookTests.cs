using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Playbooks;

public sealed class PlaybookTests() : Spec<PlaybookHistory, IPlaybookCommand, IPlaybookEvent>(PlaybookDecider.Instance)
{
    private static readonly PipelineDefined Renewals = new("renewals", "Renewals", ["Due", "Offered"]);

    [Fact]
    public void A_standard_pipeline_ships() =>
        Playbook.BuiltIn.Pipelines["standard"].Stages.ShouldBe(["Prospecting", "Engaging", "Proposal", "Negotiation"]);

    [Fact]
    public void A_pipeline_is_defined() =>
        Given().When(new DefinePipeline("renewals", "Renewals", ["Due", "Offered"])).Then(Renewals);

    [Fact]
    public void The_same_stages_in_another_list_are_the_same_definition() =>
        Given(Renewals).When(new DefinePipeline("renewals", "Renewals", new List<string> { "Due", "Offered" })).ThenNothing();

    [Fact]
    public void What_ships_need_not_be_defined() =>
        Given().When(new DefinePipeline("standard", "Standard", ["Prospecting", "Engaging", "Proposal", "Negotiation"])).ThenNothing();

    [Fact]
    public void The_order_of_stages_is_part_of_the_definition() =>
        Given(Renewals)
            .When(new DefinePipeline("renewals", "Renewals", ["Offered", "Due"]))
            .Then(new PipelineDefined("renewals", "Renewals", ["Offered", "Due"]));

    [Fact]
    public void A_definition_replaces_the_former_one_of_its_key_and_counts_up()
    {
        var playbook = After(Renewals, Renewals with { Stages = ["Due"] }).At(DateTimeOffset.MaxValue);

        playbook.Version.ShouldBe(2);
        playbook.Pipelines.Keys.ShouldBe(["renewals", "standard"]);
        playbook.Pipelines["renewals"].Stages.ShouldBe(["Due"]);
    }

    [Fact]
    public void A_fact_does_not_change_with_the_list_it_came_from()
    {
        List<string> stages = ["Due", "Offered"];
        var defined = PlaybookDecider.Decide(PlaybookHistory.None, new DefinePipeline("renewals", "Renewals", stages)).ShouldHaveSingleItem();
        stages.Clear();

        Json.Write(defined).ShouldBe(Json.Write(Renewals));
    }

    [Theory]
    [InlineData("", "playbook.key")]
    [InlineData("  ", "playbook.key")]
    public void A_pipeline_has_a_key(string key, string code) =>
        Given().When(new DefinePipeline(key, "Renewals", ["Due"])).ThenRejected(code, "key");

    [Fact]
    public void A_pipeline_has_a_name() =>
        Given().When(new DefinePipeline("renewals", " ", ["Due"])).ThenRejected("playbook.name", "name");

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void A_pipeline_has_1_to_30_stages(int stages) =>
        Given().When(new DefinePipeline("long", "Long", Numbered(stages))).ThenRejected("playbook.stage-count", "stages");

    [Fact]
    public void Thirty_stages_are_allowed() =>
        Given().When(new DefinePipeline("long", "Long", Numbered(30))).Then(new PipelineDefined("long", "Long", Numbered(30)));

    [Theory]
    [InlineData(" ", "playbook.stage-name")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789012345678901234567890", "playbook.stage-name")]
    [InlineData("Won", "playbook.stage-reserved")]
    [InlineData("lost", "playbook.stage-reserved")]
    [InlineData("due", "playbook.stage-twice")]
    public void A_stage_has_a_short_name_of_its_own_that_is_no_outcome(string stage, string code) =>
        Given().When(new DefinePipeline("renewals", "Renewals", ["Due", stage])).ThenRejected(code, "stages");

    private static string[] Numbered(int count) => [.. Enumerable.Range(1, count).Select(number => $"Stage {number}")];
}
