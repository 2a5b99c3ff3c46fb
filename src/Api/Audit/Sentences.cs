using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Api.Audit;

/// <summary>
/// What is said of each kind of event, in one language: a text in which <c>{amount}</c> stands for what the event holds, <c>{before.stage}</c> and
/// <c>{after.stage}</c> for the record before and after it; what stands in brackets is left out when one of its values is not known, or hidden from the reader.
/// </summary>
public sealed class Sentences
{
    // What people write themselves stands as it is, even where it is a word that we have another for.
    private static readonly HashSet<string> Fixed =
        ["kind", "direction", "status", "type", "because", "buyingRole", "why", "by", "mode", "state", "severity", "flag", "granted"];

    private static readonly Dictionary<string, Sentences> All = Languages.All.ToDictionary(language => language, Load, StringComparer.Ordinal);

    /// <summary>The text around every sentence: when, who, from where.</summary>
    public required string Entry { get; init; }

    /// <summary>What stands between the members of a list.</summary>
    public required string List { get; init; }

    /// <summary>One change of a field.</summary>
    public required string Change { get; init; }

    public required string Nothing { get; init; }

    /// <summary>What stands for a value that the reader may not see, where the sentence cannot do without it.</summary>
    public required string Hidden { get; init; }

    public required string Nobody { get; init; }

    /// <summary>What is said of an event whose source gave no time for it.</summary>
    public required string Undated { get; init; }

    /// <summary>What is said of an event whose kind nobody knows.</summary>
    public required string Unknown { get; init; }

    /// <summary>A text for each kind, by its stored name.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }

    /// <summary>A text for each kind of alert that there are words for.</summary>
    public required IReadOnlyDictionary<string, string> Alerts { get; init; }

    /// <summary>What is said of an alert of any other kind.</summary>
    public required string OtherAlert { get; init; }

    /// <summary>What stands above several alerts in one message.</summary>
    public required string Digest { get; init; }

    /// <summary>What a message says that was sent to see whether it comes.</summary>
    public required string Test { get; init; }

    /// <summary>What whoever gets mails presses to get no more.</summary>
    public required string Unsubscribe { get; init; }

    /// <summary>What he is told then.</summary>
    public required string Unsubscribed { get; init; }

    /// <summary>Names of fields and of fixed values.</summary>
    public required IReadOnlyDictionary<string, string> Words { get; init; }

    public static Sentences In(string language) => All[language];

    public string Word(string name) => Words.GetValueOrDefault(name, name);

    /// <summary>The value of a field for people: money with its currency, lists joined, and where the field holds one of a few fixed values its name.</summary>
    public string? Text(string field, JsonNode? value) => value switch
    {
        null => null,
        JsonArray list => list.Count == 0 ? null : string.Join(List, list.Select(item => Text(field, item))),
        JsonObject money when money["amount"] is { } amount => $"{amount} {money["currency"]}",
        JsonObject facts => facts.Count == 0 ? null : string.Join(List, facts.Select(fact => $"{Word(fact.Key)} {Text(fact.Key, fact.Value)}")),
        _ => Fixed.Contains(field.Split('.')[^1]) ? Word(value.ToString()) : value.ToString()
    };

    /// <summary>A text with its values filled in.</summary>
    /// <param name="value">What a name stands for; null when that is not known, or hidden.</param>
    /// <param name="isHidden">Whether it is hidden: that must not be told as if there were nothing.</param>
    public string Fill(string template, Func<string, string?> value, Func<string, bool>? isHidden = null) =>
        Fill(template, 0, template.Length, value, isHidden ?? (_ => false), out _);

    private string Fill(string template, int from, int to, Func<string, string?> value, Func<string, bool> isHidden, out bool whole)
    {
        var text = new StringBuilder();
        whole = true;
        for (var i = from; i < to; i++)
        {
            switch (template[i])
            {
                case '[':
                    var close = template.IndexOf(']', i);
                    var part = Fill(template, i + 1, close, value, isHidden, out var known);
                    text.Append(known ? part : "");
                    i = close;
                    break;
                case '{':
                    var end = template.IndexOf('}', i);
                    var name = template[(i + 1)..end];
                    var found = value(name);
                    whole &= found is not null;
                    text.Append(found ?? (isHidden(name) ? Hidden : Nothing));
                    i = end;
                    break;
                default:
                    text.Append(template[i]);
                    break;
            }
        }

        return text.ToString();
    }

    private static Sentences Load(string language)
    {
        using var file = typeof(Sentences).Assembly.GetManifestResourceStream($"Sentences.{language}.json")!;
        return JsonSerializer.Deserialize<Sentences>(file, JsonSerializerOptions.Web)!;
    }
}

/// <summary>The languages that people are answered in.</summary>
public static class Languages
{
    public const string English = "en";
    public const string Chinese = "zh-CN";

    public static readonly IReadOnlyList<string> All = [English, Chinese];
}
