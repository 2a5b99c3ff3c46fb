using System.Reflection;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace Crm.Api.Http;

/// <summary>
/// The query of a request, read as a record; records inside it, such as <see cref="Page"/> and <see cref="Times"/>, share its names.
/// What is wrong is said all at once, and parameters that the record does not know are refused.
/// </summary>
public sealed record Query<T>(T Value) : IBindableFromHttpContext<Query<T>>, IEndpointParameterMetadataProvider where T : class
{
    public static ValueTask<Query<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var shape = Shape.OfRecord(typeof(T));
        var faults = new Findings();
        Unknown.Refuse(context.Request.Query, [.. shape.Parameters.Select(p => p.Name)], faults);
        var value = shape.Parse(context.Request.Query, Place.Query(faults));
        foreach (var blank in shape.Parameters.Where(p => p.Shape is TextShape && context.Request.Query[p.Name] is [var text] && string.IsNullOrWhiteSpace(text)))
        {
            // A variable that somebody forgot to fill would otherwise ask for everything.
            Place.Query(faults).Member(blank.Name).Wrong(Code.BadText, "Send a value, or leave the parameter out.");
        }

        faults.ThrowIfAny();
        return ValueTask.FromResult<Query<T>?>(new Query<T>((T)value!));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TakesQuery(typeof(T)));
}

/// <summary>How much of a list to give, and from where on.</summary>
/// <param name="Limit">How many items a page has at most.</param>
/// <param name="Cursor"><c>nextCursor</c> of the page before, as it was; left out, the first page.</param>
public sealed record Page([Between(1, 200)] int Limit = 50, [Text(6000)] string? Cursor = null);

/// <summary>As of when, and with the knowledge of when. Left out: everything.</summary>
/// <param name="AsOf">Only what had occurred before this moment. A bare date is its first instant where the tenant is.</param>
/// <param name="KnownAt">Only what had been recorded before this moment. A bare date is its first instant where the tenant is.</param>
/// <param name="At">Both at once: what the screen showed at this moment.</param>
public sealed record Times(Moment? AsOf = null, Moment? KnownAt = null, Moment? At = null) : IChecked
{
    /// <summary>Both instants, for a tenant in this zone; <c>at</c> stands for both.</summary>
    public (DateTimeOffset? AsOf, DateTimeOffset? KnownAt) In(NodaTime.DateTimeZone zone) =>
        ((At ?? AsOf)?.In(zone), (At ?? KnownAt)?.In(zone));

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (At is not null && (AsOf ?? KnownAt) is not null)
            yield return ("at", Code.NotTogether, "at sets asOf and knownAt both; send it alone, or those two.");
    }
}

/// <summary>Parameters that nobody reads are mistakes: <c>?limt=5</c> would give an answer to another question.</summary>
internal static class Unknown
{
    public static void Refuse(IQueryCollection query, IReadOnlyList<string> known, Findings faults)
    {
        foreach (var name in query.Keys.Except(known))
        {
            var message = $"There is no parameter '{Place.Echo(name)}' here.{Nearest.Hint(name, known)}";
            Place.Query(faults).Member(name).Wrong(Code.UnknownParameter, message);
        }
    }

    /// <summary>For endpoints that take no query at all.</summary>
    public static Task RefuseWhereNoneIsTaken(HttpContext context, RequestDelegate next)
    {
        // Handlers are ours; pages and files that the framework serves by itself are not.
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<MethodInfo>() is not null && metadata.GetMetadata<TakesQuery>() is null)
        {
            var faults = new Findings();
            Refuse(context.Request.Query, known: [], faults);
            faults.ThrowIfAny();
        }

        return next(context);
    }
}
