using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Api.Imports.Profiles;
using Spectre.Console;

namespace Crm.Api.Ops;

/// <summary>Says what stands in somebody's files before anything of them is imported, and proposes a mapping.</summary>
public static class ProfileVerb
{
    private const int MostExamples = 3, FirstFaults = 10, WidthOfAFile = 220, LongestShown = 24;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var path = new Argument<string>("path") { Description = "A file, or a folder of which every table is looked at." };
        var to = new Option<string?>("--out") { Description = "Where to write the proposed mapping." };
        var currency = new Option<string?>("--currency") { Description = "In which the amounts are, by ISO 4217." };
        var json = new Option<bool>("--json") { Description = "Print all of it as JSON." };
        var verb = new Command("profile", "Say what stands in files, and propose a mapping. Nothing is written to the store.") { path, to, currency, json };
        verb.SetAction((parsed, ct) => CommandLine.Guard(() => Run(parsed.GetRequiredValue(path), parsed.GetValue(to), parsed.GetValue(currency), parsed.GetValue(json), ct)));
        return verb;
    }

    private static async Task<int> Run(string path, string? to, string? currency, bool isJson, CancellationToken ct)
    {
        var profile = Profiler.Look(path, currency, ct);
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfAFile;
        }

        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(profile, Json));
        }
        else
        {
            foreach (var file in profile.Files)
            {
                Tell(file);
            }

            foreach (var question in profile.Questions)
            {
                Console.WriteLine($"? {question}");
            }
        }

        if (profile.Mapping is { } mapping && to is not null)
        {
            await File.WriteAllTextAsync(to, mapping + "\n", ct);
            Console.Error.WriteLine($"The mapping is in {to}; read it, answer the questions, then: import {path} --mapping {to}");
        }
        else if (profile.Mapping is not null && !isJson)
        {
            Console.WriteLine(profile.Mapping);
        }

        return 0;
    }

    private static void Tell(FileProfile file)
    {
        var text = file.Text is { } of ? $", {of.Encoding} ({of.EncodingIs}{(of.Confidence is { } sure ? $" {sure:0.00}" : "")}){(of.Delimiter is { } sign ? $", between cells {Shown(sign)}" : "")}" : "";
        Console.WriteLine($"{file.File}{(file.Sheet is { } sheet ? $", sheet {sheet}" : "")}: {file.Format}{text}, {file.Rows:N0} rows{(file.Kind is { } kind ? $", taken for {kind}" : "")}");
        if (file.Columns.Count > 0)
        {
            AnsiConsole.Write(TableOf(file));
        }

        foreach (var (reason, rows) in file.Faults)
        {
            Console.WriteLine($"  cannot be read  {reason,-16} {rows,10:N0}");
        }

        foreach (var fault in file.FirstFaults.Take(FirstFaults))
        {
            Console.WriteLine($"  line {fault.Line}: {fault.Message}");
        }

        foreach (var warning in file.RepeatedRows > 0 ? file.Warnings.Append($"{file.RepeatedRows:N0} rows say what an earlier row says.") : file.Warnings)
        {
            Console.WriteLine($"  ! {warning}");
        }
    }

    private static Table TableOf(FileProfile file)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("column", "type", "filled", "missing", "distinct", "least", "greatest", "examples");
        foreach (var column in file.Columns)
        {
            table.AddRow([.. new[]
            {
                column.Name + (column.IsKey && column.Type is "text" or "integer" ? " (key)" : ""), column.Dates.Count > 0 ? $"date {column.Dates.Keys.First()}" : column.Type, $"{column.Filled:N0}", $"{column.Missing:N0}",
                $"{(column.DistinctIsExact ? "" : "~")}{column.Distinct:N0}", Short(column.Min), Short(column.Max), string.Join(", ", column.Examples.Take(MostExamples).Select(Short))
            }.Select(Markup.Escape)]);
        }

        return table;
    }

    // Nothing that a file says moves the cursor of a terminal.
    private static string Short(string? text) => text is null ? "" :
        string.Concat(text.Take(LongestShown).Select(c => char.IsControl(c) ? '·' : c)) + (text.Length > LongestShown ? "…" : "");

    private static string Shown(string sign) => sign == "\t" ? "a tab" : sign;
}
