using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Http;

namespace Crm.Api.Lists;

/// <summary>Leaves out of answers what the caller may not see, and what he did not ask for; never the id, by which a record is known.</summary>
/// <param name="fields">The members wanted; null is all.</param>
internal sealed class Trimming(RecordList list, Sight sight, IReadOnlySet<string>? fields)
{
    private readonly HashSet<string> left = [.. list.Members.Where(member => member != list.Id.Member && (sight.Hides(list.Name, member) || fields?.Contains(member) == false))];

    /// <summary>The members that are shown.</summary>
    public IReadOnlySet<string> Shown => list.Members.Where(member => !left.Contains(member)).ToHashSet();

    /// <summary>The answer as it may be sent.</summary>
    public object Of<T>(T answer) where T : notnull => left.Count == 0 ? answer : Json(answer);

    public JsonObject Json<T>(T answer)
    {
        var json = JsonSerializer.SerializeToNode(answer, AnswerJson.Options)!.AsObject();
        foreach (var member in left)
        {
            json.Remove(member);
        }

        return json;
    }
}
