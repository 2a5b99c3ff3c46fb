using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain.CustomFields;
using Microsoft.AspNetCore.WebUtilities;

namespace Crm.Api.Forms;

/// <summary>What a form sends: JSON from a script, or the fields of a page without one.</summary>
internal static class SubmissionBody
{
    public const string Fields = "application/x-www-form-urlencoded";

    public static async Task<(byte[] Bytes, JsonElement Said)> Read(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith(Fields, StringComparison.OrdinalIgnoreCase) == true)
        {
            var sent = await RequestBytes.Read(context);
            return (sent, JsonSerializer.SerializeToElement(Members(Encoding.UTF8.GetString(sent))));
        }

        var bytes = await BodyJson.Read(context);
        using var json = BodyJson.Parse(bytes);
        return (bytes, json.RootElement.Clone());
    }

    /// <summary>The names of all that is filled in.</summary>
    public static IEnumerable<string> Named(JsonElement said) =>
        from member in said.EnumerateObject()
        where !SaysNothing(member.Value)
        let isOwn = member.Name == CustomValues.Member && member.Value.ValueKind == JsonValueKind.Object
        from name in isOwn ? Named(member.Value).Select(key => CustomValues.Prefix + key) : [member.Name]
        select name;

    // A field that was left empty says nothing; a field that is a number in JSON is one here.
    private static JsonObject Members(string text)
    {
        var members = new JsonObject();
        foreach (var (name, values) in QueryHelpers.ParseQuery(text))
        {
            if (values is [{ } first, ..] && !string.IsNullOrWhiteSpace(first))
            {
                var (place, member) = CustomValues.KeyIn(name) is { } key ? (Own(members), key) : (members, name);
                place[member] = name == "employees" && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : first;
            }
        }

        return members;
    }

    private static JsonObject Own(JsonObject members) =>
        members[CustomValues.Member] as JsonObject ?? (JsonObject)(members[CustomValues.Member] = new JsonObject());

    private static bool SaysNothing(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString());
}
