using System.Text.RegularExpressions;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.Domain.DailyReports;

namespace Crm.Api.DailyReports;

/// <summary>What there is to say of a day beside what the log holds of it; nothing of it has to be typed.</summary>
/// <param name="Day">In the tenant's zone; left out, today.</param>
/// <param name="Ticks">Keys of what was ticked off, of the playbook.</param>
/// <param name="Photos">SHA-256 of each photo, in lower-case hex; those of visits need not be named again.</param>
/// <param name="Remark">Kept sealed, as notes are.</param>
public sealed partial record SubmitDailyReportRequest(
    DateOnly? Day = null, [Items(100), Text(40)] IReadOnlyList<string>? Ticks = null,
    [Items(50), Text(64)] IReadOnlyList<string>? Photos = null, [Text(4000)] string? Remark = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        (Photos ?? []).Index().Where(one => !Sha256().IsMatch(one.Item)).Select(one => (
            "photos", Code.BadText, $"'{Place.Echo(one.Item)}', at {one.Index}, is no SHA-256 in 64 lower-case hexadecimal digits."));

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}

/// <param name="Day">In the tenant's zone; left out, today.</param>
public sealed record DailyReportQuestion(Times Times, DateOnly? Day = null);

/// <summary>It can still be told; it was, in time or late; or it was due and is not there.</summary>
public enum DailyReportState { Open, Submitted, Late, Missing }

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersions">The same moments, position and versions give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that says what is asked.</param>
/// <param name="Member">Whose day it was.</param>
/// <param name="Rep">What records call him.</param>
/// <param name="From">When the day began.</param>
/// <param name="To">When it ended.</param>
/// <param name="DueAt">By when it is to be told; null where nothing says so.</param>
/// <param name="SubmittedAt">When it was told first; null while it was not.</param>
/// <param name="AmendedAt">When it was told last, after that.</param>
/// <param name="Shown">The position up to which the log was shown then; null while it was not told.</param>
/// <param name="Asked">What can be ticked off, and how many photos there are to be.</param>
/// <param name="Ticks">Keys of what was ticked off.</param>
/// <param name="Photos">SHA-256 of all photos, those of visits among them.</param>
/// <param name="Remark">Null where there is none, or where it was forgotten.</param>
/// <param name="Counts">As told, or as the log has it while it was not told.</param>
/// <param name="Parts">Likewise; a thousand of each at most.</param>
/// <param name="Since">What the log came to hold of that day after it was told.</param>
public sealed record DailyReportAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, IReadOnlyDictionary<string, int> ReadModelVersions, long PlaybookVersion,
    Guid Id, string Member, string Rep, string? Team, DateOnly Day, DateTimeOffset From, DateTimeOffset To, DailyReportState State,
    DateTimeOffset? DueAt, DateTimeOffset? SubmittedAt, DateTimeOffset? AmendedAt, int Amendments, long? Shown, DailyAsked Asked,
    IReadOnlyList<string> Ticks, IReadOnlyList<string> Photos, string? Remark, DailyCounts Counts, IReadOnlyList<DailyPartAnswer> Parts,
    IReadOnlyList<DailyPartAnswer> Since);

/// <param name="Ticks">In their order.</param>
/// <param name="PhotosAtLeast">Those of visits among them.</param>
public sealed record DailyAsked(IReadOnlyList<DailyTick> Ticks, int PhotosAtLeast);

/// <param name="Key">By which it is sent.</param>
public sealed record DailyTick(string Key, string Label);

public sealed record DailyPartAnswer(DailyPart Part, IReadOnlyList<DailyItemAnswer> Items)
{
    internal static IReadOnlyList<DailyPartAnswer> Of(Caller by, DailyContents contents) =>
        [.. contents.Items.GroupBy(item => item.Part).Select(part => new DailyPartAnswer(
            part.Key, [.. part.Select(item => DailyItemAnswer.Of(by, item, contents.Records))]))];
}

/// <param name="Id">The event that tells of it; of a visit the touch, of tasks that are open the task.</param>
/// <param name="At">When it was; of tasks that are open, when they are due.</param>
/// <param name="What">The kind of a touch, the stage that a deal came to, or what became of it.</param>
/// <param name="Record"><c>lead</c>, <c>opportunity</c>, <c>customer</c>, <c>commitment</c>, <c>help-request</c> or <c>task</c>.</param>
/// <param name="Name">What the record is called; null where it is out of your sight, or has no name.</param>
/// <param name="CustomerId">The customer that it is with; null where there is none, or the record is out of your sight.</param>
/// <param name="Customer">What he is called.</param>
public sealed record DailyItemAnswer(
    Guid Id, DateTimeOffset At, string? What, string Record, Guid RecordId, string? Name, Guid? CustomerId, string? Customer)
{
    internal static DailyItemAnswer Of(
        Caller by, DailyItem item, IReadOnlyDictionary<(string Record, Guid Id), DailyRecord> records)
    {
        var known = records.GetValueOrDefault((item.Record, item.RecordId));
        var seen = known is not null && Sees(by, item.Record, known) ? known : null;
        var customer = seen?.CustomerId is { } id ? records.GetValueOrDefault(("customer", id)) : null;
        var isHidden = by.Sight.Hides(item.Record, Link(item.Record));
        return new(
            item.Id, item.At, item.What, item.Record, item.RecordId, Shown(by, item.Record, seen), isHidden ? null : seen?.CustomerId,
            isHidden || customer is null || !Sees(by, "customer", customer)
                ? null : Shown(by, "customer", customer));
    }

    private static bool Sees(Caller by, string record, DailyRecord known) =>
        by.Rights.Functions.Contains(SubjectSight.FunctionFor(record)!)
        && (SubjectSight.Unowned.Contains(record) || by.Sight.Owners?.Own(known.Rep, known.Team) != false);

    // Which field of a record says what customer it is with.
    private static string Link(string record) => record switch
    {
        "task" => "about",
        "help-request" => "subjectId",
        _ => "customerId"
    };

    private static string? Shown(Caller by, string record, DailyRecord? known) => known is null || by.Sight.Hides(record, record switch
    {
        "lead" => "company",
        "task" => "title",
        "commitment" or "help-request" => "kind",
        _ => "name"
    }) ? null : known.Name;
}

/// <param name="Day">In the tenant's zone; left out, today.</param>
/// <param name="Team">Only those of this team.</param>
public sealed record DailyTeamQuestion(Times Times, DateOnly? Day = null, string? Team = null);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that says of whom reports are looked for.</param>
/// <param name="DueAt">By when they are to be told; null where nothing says so.</param>
/// <param name="Expected">Of how many a report is looked for.</param>
/// <param name="Submitted">How many told theirs, in time or late.</param>
/// <param name="Late">How many of those did so late.</param>
/// <param name="Missing">Of how many it was due, and is not there.</param>
/// <param name="Total">How many people there are here; a thousand at most are given.</param>
public sealed record DailyTeamAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, long PlaybookVersion, DateOnly Day,
    DateTimeOffset? DueAt, int Expected, int Submitted, int Late, int Missing, int Total, IReadOnlyList<DailyTeamMember> Items);

/// <param name="Member">By id.</param>
/// <param name="Rep">What records call him.</param>
/// <param name="IsExpected">Whether his report is looked for: not of whoever is away, or does not work that day.</param>
/// <param name="SubmittedAt">When he told it first; null while he did not.</param>
/// <param name="AmendedAt">When he told it last, after that.</param>
/// <param name="Counts">As he told it; null while he did not.</param>
/// <param name="Photos">How many he sent beside those of visits.</param>
public sealed record DailyTeamMember(
    string Member, string Rep, string? Team, bool IsExpected, DailyReportState State, DateTimeOffset? SubmittedAt,
    DateTimeOffset? AmendedAt, int Amendments, DailyCounts? Counts, int Photos, IReadOnlyList<string> Ticks);
