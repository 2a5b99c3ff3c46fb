using System.Text.Json;
using Crm.Api.Imports.Files;
using Crm.Domain.Playbooks;
using NodaTime;

namespace Crm.Api.Imports;

/// <summary>How one company's files become our commands: all that is particular to that company. See docs/importing.md.</summary>
public sealed class Mapping
{
    internal static readonly JsonDocumentOptions Json = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip
    };

    internal Mapping(string source) => Source = source;

    /// <summary>Names the company or system; part of every id that is derived from its keys.</summary>
    public string Source { get; }

    internal string Currency { get; init; } = "";

    /// <summary>Where its dates are; null for where the tenant is.</summary>
    internal DateTimeZone? Zone { get; init; }

    internal TextFormat Text { get; init; } = new();

    internal Cells Cells { get; init; } = null!;

    internal NumberFormat Numbers { get; init; } = NumberFormat.Invariant;

    internal DateFormat Dates { get; init; } = DateFormat.Iso;

    internal IReadOnlyList<Lookup> Lookups { get; init; } = [];

    internal PipelineDefinition? Pipeline { get; init; }

    /// <summary>In the order in which they are read.</summary>
    internal IReadOnlyList<RecordKind> Kinds { get; init; } = [];

    /// <summary>All columns that are asked for, and by which place of the mapping.</summary>
    internal IReadOnlyList<ColumnUse> Uses { get; init; } = [];

    /// <summary>The names of all files that it speaks of.</summary>
    internal IEnumerable<string> Files => Kinds.Select(kind => kind.Table.File).Concat(Lookups.Select(lookup => lookup.Table.File)).Distinct();

    /// <summary>A mapping that comes with the program.</summary>
    public static Mapping Shipped(string name) => Load(Path.Combine(AppContext.BaseDirectory, "samples", "mappings", $"{name}.json"));

    /// <exception cref="ImportProblem">It is not a mapping; the message names the place and what would be right.</exception>
    public static Mapping Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new ImportProblem($"There is no mapping {file}.");
        }

        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (ImportProblem problem)
        {
            throw new ImportProblem($"{Path.GetFileName(file)}, {problem.Message}");
        }
    }

    /// <exception cref="ImportProblem">It is not a mapping; the message names the place and what would be right.</exception>
    public static Mapping Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Json);
            return new MappingReader().Read(new MappingNode(document.RootElement, ""));
        }
        catch (JsonException error)
        {
            throw new ImportProblem($"line {error.LineNumber + 1}: this is not JSON. {error.Message}");
        }
    }
}

/// <summary>A column of a file that a place in the mapping asks for.</summary>
internal sealed record ColumnUse(TableName Table, string Column, string Place);
