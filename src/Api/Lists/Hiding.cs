using System.Text.Json.Nodes;
using Crm.Api.Access;

namespace Crm.Api.Lists;

/// <summary>Takes out of what is told of a record the members that the caller may not see; of amounts their currency too.</summary>
internal static class Hiding
{
    public static JsonObject? From(JsonObject? told, string record, Sight sight)
    {
        foreach (var member in told?.Select(m => m.Key).Where(member => sight.Hides(record, member is "currency" ? "amount" : member)).ToList() ?? [])
        {
            told!.Remove(member);
        }

        return told;
    }
}
