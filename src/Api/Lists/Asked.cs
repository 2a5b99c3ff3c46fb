using System.Text.Json;
using Crm.Api.Http;
using Crm.Domain;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Lists;

/// <summary>What every list can be asked in its query.</summary>
/// <param name="Filter">In short, <c>amount>=1000,region in (East,West)</c>, or as JSON. See docs/api/lists.md.</param>
/// <param name="Sort">Fields, comma-separated, the first first; a minus turns the order: <c>-amount,name</c>.</param>
/// <param name="Fields">The members wanted, comma-separated; left out, all.</param>
public sealed record ListWords([Text(8000)] string? Filter = null, [Text(400)] string? Sort = null, [Text(2000)] string? Fields = null);

/// <summary>Which records are wanted, in which order, as of when; whether in pages or as a file.</summary>
public interface IListQuestion
{
    Asked Asked { get; }
}

/// <summary>A page of what a question asks for.</summary>
/// <param name="Total">Whether to count all that there are.</param>
public sealed record Paged<TQuestion>(Page Page, TQuestion Question, bool? Total = null) where TQuestion : class, IListQuestion
{
    public Asked Asked => Question.Asked with
    {
        Page = Page,
        Total = Total ?? false
    };
}

/// <summary>What is asked of a list, from a query or a body, before anyone has looked whether it can be answered.</summary>
public sealed record Asked(Page Page, Times Times)
{
    /// <summary>The filter as text; as JSON when it is in a body.</summary>
    public string? Filter { get; init; }

    public JsonElement? FilterJson { get; init; }

    /// <summary>Words that are looked for in names.</summary>
    public string? Words { get; init; }

    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>Null is all.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    public IReadOnlyList<string> Expand { get; init; } = [];

    public bool Total { get; init; }

    /// <summary>Parameters that a field must equal, or hold where it is a list; null is any.</summary>
    public IReadOnlyList<(string Parameter, string Field, string? Value)> Equal { get; init; } = [];

    /// <summary>Fields that must not be known; the parameter is null where the list itself says so, whatever is asked.</summary>
    public IReadOnlyList<(string? Parameter, string Field)> Unknown { get; init; } = [];

    /// <summary>Parameters that a field must be known for.</summary>
    public IReadOnlyList<(string Parameter, string Field)> Known { get; init; } = [];

    /// <summary>Parameters that bound a time; null is no bound.</summary>
    public IReadOnlyList<(string Parameter, string Field, Operator Operator, Moment? Moment)> Bounds { get; init; } = [];

    public Passing? Passing { get; init; }

    public bool InBody { get; init; }

    /// <summary>Says of a member or parameter what is wrong with it.</summary>
    public Func<string, string, Fault> Fault(string member) => (code, message) =>
        InBody ? Http.Fault.InBody($"/{member}", code, message) : Http.Fault.InQuery(member, code, message);

    public static Asked Of(Times times, ListWords words, params IReadOnlyList<(string, string?)> equal) => new(new Page(), times)
    {
        Filter = words.Filter,
        Sort = Split(words.Sort) ?? [],
        Fields = Split(words.Fields),
        Equal = [.. equal.Select(e => (e.Item1, e.Item1, e.Item2))]
    };

    /// <summary>A parameter that is not called as its field is.</summary>
    public Asked And(string parameter, string field, string? value) => this with { Equal = [.. Equal, (parameter, field, value)] };

    /// <param name="has">Whether the field must be known, or must not; null where either will do.</param>
    public Asked Having(string parameter, string field, bool? has) => has is not { } known ? this
        : known ? this with { Known = [.. Known, (parameter, field)] } : this with { Unknown = [.. Unknown, (parameter, field)] };

    public Asked Without(string field) => this with { Unknown = [.. Unknown, (null, field)] };

    /// <summary>Fields that must be known because of a parameter.</summary>
    public Asked Knowing(string parameter, params IReadOnlyList<string> fields) =>
        this with { Known = [.. Known, .. fields.Select(field => (parameter, field))] };

    public Asked Seeking(string? words) => this with { Words = words };

    /// <summary>Words with commas between them.</summary>
    public static IReadOnlyList<string>? Split(string? text) => text?.Split(',', StringSplitOptions.TrimEntries);
}
