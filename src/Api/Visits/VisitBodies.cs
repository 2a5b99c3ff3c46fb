using System.Text.RegularExpressions;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.Domain.Activities;

namespace Crm.Api.Visits;

/// <summary>What a phone has to tell since it last could.</summary>
/// <param name="DeviceId">The phone, by a name that it keeps.</param>
/// <param name="Batch">In any order; what was sent before may be among them.</param>
public sealed record SyncVisitsRequest([Text(80)] string DeviceId, [Items(100)] IReadOnlyList<Tried<VisitRequest>> Batch);

/// <summary>A visit to a lead, in an opportunity, or to a customer beside its opportunities: one of the three.</summary>
/// <param name="ClientId">The phone's own id for it: the same one told again is recorded once.</param>
/// <param name="OccurredAt">When it began, by the phone's clock.</param>
/// <param name="Until">When it ended.</param>
/// <param name="Position">Where the phone was; left out where it did not know.</param>
/// <param name="Kind"><c>visit</c>, <c>meeting</c> or <c>event</c>.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Note">What else there is to say; kept sealed, as notes are.</param>
/// <param name="Photos">SHA-256 of each photo, in lower-case hex. The files are attached to the record, before or after.</param>
/// <param name="Ticks">Keys of what was ticked off, of the playbook.</param>
public sealed partial record VisitRequest(
    Guid ClientId, DateTimeOffset OccurredAt, Guid? CustomerId = null, Guid? OpportunityId = null, Guid? LeadId = null,
    DateTimeOffset? Until = null, PositionRequest? Position = null, TouchKind Kind = TouchKind.Visit, [Text(200)] string? Outcome = null,
    [Text(4000)] string? Note = null, [Items(20), Text(64)] IReadOnlyList<string>? Photos = null,
    [Items(100), Text(40)] IReadOnlyList<string>? Ticks = null) : IChecked
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public int? Seconds => Until is { } until ? (int)(until - OccurredAt).TotalSeconds : null;

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (((Guid?[])[CustomerId, OpportunityId, LeadId]).Count(id => id is not null) != 1)
        {
            yield return ("customerId", Code.NotTogether, "A visit is to one record: send customerId, opportunityId or leadId.");
        }

        if (Until < OccurredAt || Until - OccurredAt > Longest)
        {
            yield return ("until", Code.EndsBefore, "until is not before occurredAt, and at most a week later.");
        }

        if (Kind is not (TouchKind.Visit or TouchKind.Meeting or TouchKind.Event))
        {
            yield return ("kind", Code.NotOneOf, "Send visit, meeting or event; what is done from afar is a touch of the record.");
        }

        foreach (var (i, photo) in (Photos ?? []).Index().Where(one => !Sha256().IsMatch(one.Item)))
        {
            yield return ("photos", Code.BadText, $"'{Place.Echo(photo)}', at {i}, is no SHA-256 in 64 lower-case hexadecimal digits.");
        }
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}

/// <param name="Latitude">In degrees of WGS 84.</param>
/// <param name="Longitude">Likewise.</param>
/// <param name="AccuracyMetres">Within how many metres the phone is sure of it; left out where it does not say.</param>
public sealed record PositionRequest(
    [Degrees(90)] double Latitude, [Degrees(180)] double Longitude, [Between(0, 1_000_000)] int? AccuracyMetres = null)
{
    public GeoPoint Point => new GeoPoint(Latitude, Longitude).Rounded;
}

/// <summary>What became of each visit, in the order of the batch.</summary>
/// <param name="Position">Send it as <c>Crm-Min-Position</c> to see at least what was recorded; null where nothing was.</param>
public sealed record SyncVisitsAnswer(IReadOnlyList<SyncedVisit> Items, string? Position);

/// <summary>It is recorded now; it was before; or it cannot be.</summary>
public enum VisitOutcome { Created, Unchanged, Refused }

/// <param name="ClientId">As it was sent.</param>
/// <param name="VisitId">The touch that it is; null where it was refused.</param>
/// <param name="IsNear">Whether it was made at the customer's address, as far as that can be told; null where it was refused.</param>
/// <param name="DistanceMetres">From that address; null where it, or the position, is not known.</param>
/// <param name="Doubts">What speaks against it.</param>
/// <param name="Problem">Why it was refused; null where it was not.</param>
public sealed record SyncedVisit(
    string? ClientId, VisitOutcome Outcome, Guid? VisitId, bool? IsNear, int? DistanceMetres, IReadOnlyList<VisitDoubt> Doubts,
    RefusedVisit? Problem);

/// <param name="Status">As a request with this visit alone would have been answered.</param>
/// <param name="Code">Stable, see the list of problems.</param>
/// <param name="Detail">What would be right.</param>
/// <param name="Errors">Each place that is wrong.</param>
public sealed record RefusedVisit(int Status, string Code, string Detail, IReadOnlyList<VisitFault> Errors)
{
    internal static RefusedVisit Of(Problem problem, int place) => new(
        problem.Status, problem.Code, problem.Message,
        [.. problem.Errors.Select(fault => new VisitFault(
            fault.Pointer?.StartsWith("/batch/", StringComparison.Ordinal) == true ? fault.Pointer : $"/batch/{place}{fault.Pointer}",
            fault.Code, fault.Message))]);
}

/// <param name="Pointer">JSON Pointer into the request.</param>
public sealed record VisitFault(string Pointer, string Code, string Message);
