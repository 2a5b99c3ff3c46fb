using System.Text;
using System.Text.Json;

namespace Crm.Api.Imports.Files;

/// <param name="Name">With those of the objects around it: <c>customer.name</c>.</param>
/// <param name="IsPlain">It was a number: with a point, and nothing between its thousands.</param>
internal readonly record struct JsonMember(string Name, string Text, bool IsPlain);

/// <summary>The members of a JSON object as cells. A list stands as it was written; numbers keep their text; null says nothing.</summary>
internal static class JsonMembers
{
    /// <exception cref="JsonException">It is not one object.</exception>
    public static IReadOnlyList<JsonMember> Of(string line)
    {
        var json = Encoding.UTF8.GetBytes(line);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException(null, null, 0, 0);
        }

        var (members, around) = (new List<JsonMember>(), new List<string>());
        for (reader.Read(); reader.CurrentDepth > 0; reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                around.RemoveAt(around.Count - 1);
                continue;
            }

            var name = reader.GetString()!.Trim();
            if (name.Length == 0)
            {
                throw new JsonException(null, null, 0, reader.TokenStartIndex);
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                around.Add(name);
            }
            else
            {
                var isPlain = reader.TokenType == JsonTokenType.Number;
                members.Add(new JsonMember(string.Join('.', [.. around, name]), Text(ref reader, json), isPlain));
            }
        }

        // Nothing may stand behind it.
        reader.Read();
        return members;
    }

    private static string Text(ref Utf8JsonReader reader, byte[] json)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return Encoding.UTF8.GetString(json.AsSpan(start, (int)reader.BytesConsumed - start));
        }

        return reader.TokenType switch
        {
            JsonTokenType.Null => "",
            JsonTokenType.String => reader.GetString()!,
            _ => Encoding.UTF8.GetString(reader.ValueSpan)
        };
    }
}
