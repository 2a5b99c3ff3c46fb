using System.Text.Json;
using Spectre.Console;

namespace Crm.Benchmarks;

/// <summary>What was measured: figures under their keys, each with what was meant; told to a person as they come.</summary>
public sealed class Figures
{
    private readonly SortedDictionary<string, double?> all = new(StringComparer.Ordinal);
    private readonly IAnsiConsole person = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>What is being done, for a person.</summary>
    public void Say(string text) => person.MarkupLineInterpolated($"[grey]{DateTime.Now:HH:mm:ss}[/] {text}");

    /// <param name="target">What is meant, and whether more or less of it is good: <c>≥ 1.3</c>.</param>
    public void Add(string key, double? value, string target, string how)
    {
        all[key] = value is { } number ? Math.Round(number, 3) : null;
        person.MarkupLineInterpolated($"[bold]{key}[/] = [bold]{(value is null ? "not counted" : all[key])}[/]  (meant {target})  {how}");
    }

    public bool Has(string key) => all.ContainsKey(key);

    public string Json() => JsonSerializer.Serialize(all);

    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>Nearest rank.</summary>
    public static double Quantile(IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
