using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Crm.Api.Http;

namespace Crm.Api;

/// <summary>
/// Who may not see a field may not change it: by what is refused, and by what turns out to be so already, he could find out what it holds. Of a
/// record that he makes himself he may say it.
/// </summary>
internal static class FieldSight
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Member>> Members = new();

    /// <summary>For all that is written about records that are there: addresses with an id.</summary>
    public static RouteGroupBuilder ChangedByThoseWhoSee(this RouteGroupBuilder records, string record)
    {
        records.AddEndpointFilter((context, next) =>
        {
            if (context.HttpContext.Request.RouteValues.Count > 0 && context.Arguments.OfType<ISaid>().FirstOrDefault() is { Value: not ISaysOfNewRecords } said)
            {
                MustSee(Caller.Of(context.HttpContext), record, said);
            }

            return next(context);
        });
        return records;
    }

    /// <exception cref="Problem">403: the field is hidden.</exception>
    public static void MustSee(Caller by, string record, string field)
    {
        if (by.Sight.Hides(record, field))
        {
            throw new Problem(403, Code.Forbidden, $"{field} is hidden from you, so records cannot be found by it.");
        }
    }

    /// <summary>Whoever withdraws a fact, or moves it in time, changes every field that it set.</summary>
    /// <exception cref="Problem">403: one of them is hidden.</exception>
    public static void MustSeeAllOf(Caller by, string record, object fact)
    {
        var set = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)!.AsObject().Where(member => member.Value is not null).Select(member => member.Key);
        if (set.FirstOrDefault(member => Lists.Hiding.Hides(by.Sight, record, member, fact)) is not null)
        {
            throw new Problem(403, Code.Forbidden, "You cannot change what is hidden from you.",
                [Fault.InBody("/eventId", Code.Forbidden, "This event holds something that is hidden from you.")]);
        }
    }

    private static void MustSee(Caller by, string record, ISaid said)
    {
        var hidden = Members.GetOrAdd(said.Value.GetType(), MembersOf)
            .Where(member => (member.Property.GetValue(said.Value) is not null || said.Cleared.Contains(member.Name)) && by.Sight.Hides(record, member.Field))
            .Select(member => Fault.InBody($"/{member.Name}", Code.Forbidden, $"{member.Name} is hidden from you; leave it out.")).ToList();
        if (hidden.Count > 0)
        {
            throw new Problem(403, Code.Forbidden, "You cannot change what is hidden from you.", hidden);
        }
    }

    private static IReadOnlyList<Member> MembersOf(Type type) =>
    [
        .. type.GetConstructors()[0].GetParameters().Select(parameter => (parameter, Name: JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)))
            .Select(p => new Member(type.GetProperty(p.parameter.Name!)!, p.Name, p.parameter.GetCustomAttribute<FieldAttribute>()?.Name ?? p.Name))
    ];

    private sealed record Member(PropertyInfo Property, string Name, string Field);
}

/// <summary>The field of a record that a member of a request is about, where the two are called otherwise.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FieldAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>A request whose members are about records that it makes, not about the one at its address.</summary>
public interface ISaysOfNewRecords;
