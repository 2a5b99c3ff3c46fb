using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Playbooks;

namespace Crm.Api.Playbooks;

/// <param name="From">When it comes into force, now or later; left out, now.</param>
/// <param name="Note">What has changed and why, for those who look later.</param>
public sealed record PublishPlaybookRequest(DateTimeOffset? From = null, [Text(1000)] string? Note = null);

/// <param name="To">The version whose document is to be in force again.</param>
/// <param name="From">When it comes into force, now or later; left out, now.</param>
/// <param name="Note">What has changed and why, for those who look later.</param>
public sealed record RollBackPlaybookRequest([Between(1, long.MaxValue)] long To, DateTimeOffset? From = null, [Text(1000)] string? Note = null);

public sealed record WithdrawPlaybookRequest;

/// <param name="Days">How many of the last days.</param>
/// <param name="Document">What is tried; left out, the draft.</param>
public sealed record SimulatePlaybookRequest([Between(1, 3660)] int Days = 30, PlaybookDocument? Document = null);

public sealed record CancelSimulationRequest;

/// <summary>The rules that are, or were, in force.</summary>
/// <param name="Version">Their version; 0 is what ships. Every decision that went by them names it.</param>
/// <param name="From">Since when; null for what ships, and where only pipelines were defined.</param>
/// <param name="Pipelines">All that there are, those too that came with files.</param>
/// <param name="Document">As it was published; null while nothing was.</param>
public sealed record PlaybookAnswer(long Version, DateTimeOffset? From, IReadOnlyList<PlaybookPipeline> Pipelines, PlaybookDocument? Document)
{
    public static PlaybookAnswer Of(Playbook playbook, PlaybookPublished? published) => new(
        playbook.Version, published?.From, [.. playbook.Pipelines.Values.Select(pipeline => new PlaybookPipeline(pipeline.Key, pipeline.Name, pipeline.Stages))], playbook.Document);
}

public sealed record PlaybookPipeline(string Key, string Name, IReadOnlyList<string> Stages);

/// <summary>What is being worked on.</summary>
/// <param name="Document">Null where there is no draft.</param>
/// <param name="Faults">What stands against publishing it; none where nothing does.</param>
public sealed record PlaybookDraftAnswer(PlaybookDocument? Document, IReadOnlyList<PlaybookFault> Faults);

/// <param name="Valid">Whether it can be published.</param>
/// <param name="Faults">What stands against that: where, as JSON Pointer into the document, a code, and what would be right.</param>
public sealed record PlaybookValidation(bool Valid, IReadOnlyList<PlaybookFault> Faults)
{
    public static PlaybookValidation Of(IReadOnlyList<PlaybookFault> faults) => new(faults.Count == 0, faults);
}

/// <param name="State"><c>in-force</c>, <c>to-come</c>, <c>past</c> or <c>withdrawn</c>.</param>
/// <param name="RollsBackTo">The version whose document it is again; null where it was a draft.</param>
public sealed record PlaybookVersionAnswer(long Number, string State, DateTimeOffset From, string Name, string? Note, long? RollsBackTo)
{
    public static PlaybookVersionAnswer Of(PlaybookPublished version, PlaybookHistory history, DateTimeOffset now) => new(
        version.Number, StateOf(version, history, now), version.From, version.Document.Name, version.Note, version.RollsBackTo);

    private static string StateOf(PlaybookPublished version, PlaybookHistory history, DateTimeOffset now) =>
        history.Withdrawn.Contains(version.Number) ? "withdrawn"
        : version.From > now ? "to-come"
        : history.PublishedAt(now)?.Number == version.Number ? "in-force" : "past";
}

/// <summary>A version with all that it says.</summary>
public sealed record WholePlaybookVersionAnswer(long Number, string State, DateTimeOffset From, string? Note, long? RollsBackTo, PlaybookDocument Document);

/// <summary>A playbook to begin with.</summary>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>.</param>
public sealed record PlaybookTemplateAnswer(string Key, string Language, PlaybookDocument Document);
