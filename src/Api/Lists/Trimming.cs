using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.CustomFields;

namespace Crm.Api.Lists;

/// <summary>Leaves out of answers what the caller may not see, and what he did not ask for; never the id, by which a record is known.</summary>
/// <param name="fields">The members wanted; null is all.</param>
internal sealed class Trimming(RecordList list, Sight sight, IReadOnlySet<string>? fields)
{
    private readonly HashSet<string> left =
    [
        .. list.Members.Where(member => member != list.Id.Member && (sight.Hides(list.Name, member) || fields?.Contains(member) == false))
            .Where(member => member != CustomValues.Member || sight.Hides(list.Name, member) || Named(fields) is null)
    ];

    // Of the fields that the playbook adds those that are named; null where that is none, or all of them are wanted.
    private readonly HashSet<string>? own = fields?.Contains(CustomValues.Member) == true ? null : Named(fields);

    /// <summary>The members that are shown.</summary>
    public IReadOnlySet<string> Shown => list.Members.Where(member => !left.Contains(member)).ToHashSet();

    /// <summary>Of keys of fields that the playbook adds those that are shown.</summary>
    public IReadOnlyList<string> OwnOf(IReadOnlyList<string> keys) => own is null ? keys : [.. keys.Where(own.Contains)];

    /// <summary>The answer as it may be sent.</summary>
    public object Of<T>(T answer) where T : notnull => left.Count == 0 && own is null ? answer : Json(answer);

    public JsonObject Json<T>(T answer)
    {
        var json = JsonSerializer.SerializeToNode(answer, AnswerJson.Options)!.AsObject();
        foreach (var member in left)
        {
            json.Remove(member);
        }

        if (own is not null && json[CustomValues.Member] is JsonObject custom)
        {
            foreach (var key in custom.Select(value => value.Key).Where(key => !own.Contains(key)).ToList())
            {
                custom.Remove(key);
            }
        }

        return json;
    }

    private static HashSet<string>? Named(IReadOnlySet<string>? fields) =>
        fields?.Select(CustomValues.KeyIn).OfType<string>().ToHashSet() is { Count: > 0 } keys ? keys : null;
}
