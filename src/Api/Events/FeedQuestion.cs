using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;

namespace Crm.Api.Events;

public enum EventFormat { Json, Cloudevents }

/// <summary>Which events.</summary>
/// <param name="Type">Only these kinds of event, comma-separated: <c>opportunity_won,opportunity_lost</c>; see <c>GET /event-types</c>.</param>
/// <param name="Subject">Only what happened to these kinds of record, comma-separated: <c>lead,customer</c>.</param>
/// <param name="Stream">Only what happened to the record with this id.</param>
public sealed record FeedFilter([Text(4000)] string? Type = null, string? Subject = null, Guid? Stream = null) : IChecked
{
    public IReadOnlyList<string> Types => Words.Split(Type);

    public IReadOnlyList<string> Subjects => Words.Split(Subject);

    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        [.. Words.Strangers("type", Types, EventKinds.Names), .. Words.Strangers("subject", Subjects, EventKinds.Subjects)];
}

/// <param name="After">A token: <c>next</c> of the page before, or <c>token</c> of an event; <c>head</c> is now. Left out, from the first event on.</param>
/// <param name="Limit">How many events a page has at most.</param>
/// <param name="Wait">How many seconds to wait for an event where there is none yet.</param>
/// <param name="Format">How events are spelt: <c>json</c>, or <c>cloudevents</c> for a batch of CloudEvents 1.0. Left out, as <c>Accept</c> says.</param>
public sealed record FeedQuestion(
    FeedFilter Filter, [Text(40)] string? After = null, [Between(1, 1000)] int Limit = 100, [Between(0, 30)] int Wait = 0, EventFormat? Format = null);

/// <param name="After">A token: <c>next</c> of a page, or <c>token</c> of an event; <c>head</c> is now. Left out, from the first event on.</param>
/// <param name="Format">How events are spelt: <c>json</c>, or <c>cloudevents</c>.</param>
public sealed record StreamQuestion(FeedFilter Filter, [Text(40)] string? After = null, EventFormat? Format = null);

/// <param name="Since">A token: <c>next</c> of the page before, or any of the feed of events; <c>head</c> is now. Left out, all records.</param>
/// <param name="Subject">Only these kinds of record, comma-separated: <c>lead,customer</c>.</param>
/// <param name="Limit">How many records a page has at most.</param>
/// <param name="Wait">How many seconds to wait for a change where there is none yet.</param>
public sealed record ChangesQuestion(
    [Text(40)] string? Since = null, string? Subject = null, [Between(1, 1000)] int Limit = 100, [Between(0, 30)] int Wait = 0) : IChecked
{
    public IReadOnlyList<string> Subjects => Words.Split(Subject);

    public IEnumerable<(string Member, string Code, string Message)> Check() => Words.Strangers("subject", Subjects, EventKinds.Subjects);
}

/// <summary>Lists of words in a query.</summary>
internal static class Words
{
    public static IReadOnlyList<string> Split(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static IEnumerable<(string, string, string)> Strangers(string member, IReadOnlyList<string> given, IReadOnlyList<string> known) =>
        given.Except(known).Take(1).Select(stranger => (member, Code.NotOneOf,
            $"There is no '{Place.Echo(stranger)}' here.{Nearest.Hint(stranger, known)} There are: {string.Join(", ", known)}."));
}
