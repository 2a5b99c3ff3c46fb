using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class PublishingTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Friday = Monday.AddDays(4);
    private static readonly PlaybookDocument Other = Documents.B2B with { Name = "Other" };

    [Fact]
    public void A_draft_changes_nothing_that_is_in_force() =>
        After(new PlaybookDraftSaved(Documents.B2B)).At(Friday).ShouldBe(Playbook.BuiltIn);

    [Fact]
    public void A_draft_comes_into_force_when_it_is_published() =>
        Decide(new PublishPlaybook(Monday, FixedZone.Shanghai, Braces.Balanced, Note: "first"), new PlaybookDraftSaved(Documents.B2B))
            .ShouldBe(new PlaybookPublished(1, Monday, Documents.B2B, "first"));

    [Fact]
    public void It_counts_from_its_moment_on()
    {
        var history = After(new PlaybookPublished(1, Monday, Documents.B2B), new PlaybookPublished(2, Friday, Other));

        history.At(Monday.AddTicks(-1)).Version.ShouldBe(0);
        history.At(Monday).ShouldSatisfyAllConditions(now => now.Version.ShouldBe(1), now => now.Document.ShouldBe(Documents.B2B));
        history.At(Friday.AddTicks(-1)).Version.ShouldBe(1);
        history.At(Friday).Document!.Name.ShouldBe("Other");
    }

    [Fact]
    public void Of_two_that_come_at_one_moment_the_later_stands() =>
        After(new PlaybookPublished(1, Friday, Documents.B2B), new PlaybookPublished(2, Friday, Other)).At(Friday).Version.ShouldBe(2);

    [Fact]
    public void What_was_to_come_can_be_withdrawn()
    {
        IPlaybookEvent[] facts = [new PlaybookPublished(1, Monday, Documents.B2B), new PlaybookPublished(2, Friday, Other)];

        Decide(new WithdrawPlaybook(2, Monday), facts).ShouldBe(new PlaybookWithdrawn(2));
        After([.. facts, new PlaybookWithdrawn(2)]).At(Friday).Version.ShouldBe(1);
        Refused(new WithdrawPlaybook(2, Friday), facts).ShouldBe("playbook.in-force");
        Refused(new WithdrawPlaybook(7, Monday), facts).ShouldBe("playbook.version-unknown");
    }

    [Fact]
    public void An_older_version_comes_back_as_a_new_one() =>
        Decide(new RollBackPlaybook(1, Friday), new PlaybookPublished(1, Monday, Documents.B2B), new PlaybookPublished(2, Monday, Other))
            .ShouldBe(new PlaybookPublished(3, Friday, Documents.B2B, RollsBackTo: 1));

    [Fact]
    public void Nothing_comes_into_force_in_the_past() =>
        Refused(new PublishPlaybook(Friday, FixedZone.Shanghai, Braces.Balanced, From: Monday), new PlaybookDraftSaved(Documents.B2B)).ShouldBe("playbook.from-past");

    [Fact]
    public void Without_a_draft_there_is_nothing_to_publish() =>
        Refused(new PublishPlaybook(Friday, FixedZone.Shanghai, Braces.Balanced), new PlaybookDraftSaved(Documents.B2B), new PlaybookDraftDiscarded()).ShouldBe("playbook.no-draft");

    [Fact]
    public void A_draft_with_faults_is_not_published()
    {
        var refusal = Should.Throw<Rejection>(() => PlaybookDecider.Decide(
            After(new PlaybookDraftSaved(Documents.B2B with { Clocks = new("nowhere") })), new PublishPlaybook(Friday, FixedZone.Shanghai, Braces.Balanced)));

        refusal.Code.ShouldBe("playbook.faulty");
        refusal.Faults.ShouldHaveSingleItem().Pointer.ShouldBe("/clocks/calendar");
    }

    [Fact]
    public void Pipelines_of_files_stay_beside_those_of_the_document()
    {
        var history = After(
            new PipelineDefined("files", "Of files", ["A"]), new PlaybookPublished(2, Monday, Documents.B2B with { Pipelines = [new("b2b", "B2B", [new("Need")])] }));

        history.At(Monday).Pipelines.Keys.ShouldBe(["b2b", "files", "standard"]);
        history.At(Monday.AddTicks(-1)).Pipelines.Keys.ShouldBe(["files", "standard"]);
    }

    private static PlaybookHistory After(params IPlaybookEvent[] facts) => facts.Aggregate(PlaybookHistory.None, PlaybookHistory.Evolve);

    private static IPlaybookEvent Decide(IPlaybookCommand command, params IPlaybookEvent[] facts) =>
        PlaybookDecider.Decide(After(facts), command).ShouldHaveSingleItem();

    private static string Refused(IPlaybookCommand command, params IPlaybookEvent[] facts) =>
        Should.Throw<Rejection>(() => PlaybookDecider.Decide(After(facts), command)).Code;
}
