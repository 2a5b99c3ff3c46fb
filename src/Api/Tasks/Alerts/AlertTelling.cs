using Crm.Api.Access;
using Crm.Api.Audit;
using NodaTime;

namespace Crm.Api.Tasks.Alerts;

/// <summary>An alert in the words of whoever reads it, without what is hidden from him.</summary>
internal static class AlertTelling
{
    /// <summary>What of it he may know.</summary>
    /// <param name="about">The kind of record that it is about; null for none.</param>
    public static IReadOnlyDictionary<string, string> Shown(IReadOnlyDictionary<string, string> given, string? about, Sight sight) =>
        about is null ? given : given.Where(one => !sight.Hides(about, one.Key)).ToDictionary(one => one.Key, one => one.Value);

    /// <param name="shown">What he may know.</param>
    // Of a kind that nobody has words for yet, what is known is told as it stands.
    public static string Sentence(string kind, IReadOnlyDictionary<string, string> shown, Sentences words, DateTimeZone zone) =>
        words.Fill(words.Alerts.GetValueOrDefault(kind, words.OtherAlert), name => name switch
        {
            "kind" => kind,
            "params" => shown.Count == 0
                ? null
                : string.Join(words.List, shown.Select(p => $"{words.Word(p.Key)} {Telling.Text(words, p.Key, p.Value, zone)}")),
            _ => shown.TryGetValue(name, out var value) ? Telling.Text(words, name, value, zone) : null
        });
}
