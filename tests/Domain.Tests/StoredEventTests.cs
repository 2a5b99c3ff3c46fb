using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Domain.Tests;

/// <summary>What is stored once has to be read for ever: samples are added, never changed.</summary>
public sealed class StoredEventTests
{
    public static TheoryData<Type> Types => [.. Facts.Types];

    [Fact]
    public void There_are_events() =>
        Facts.Types.Count.ShouldBeGreaterThanOrEqualTo(22);

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_event_reads_its_sample_and_writes_the_same(Type type)
    {
        var sample = JsonNode.Parse(Facts.Sample(type));
        var again = JsonNode.Parse(Json.Body(Json.Read(type, Facts.Sample(type))));

        JsonNode.DeepEquals(sample, again).ShouldBeTrue($"{sample}\nbecame\n{again}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_sample_fills_every_field(Type type) =>
        Facts.Fields(type).Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name))
            .Where(field => JsonNode.Parse(Facts.Sample(type))![field] is null)
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Types))]
    public void An_event_is_told_from_others_by_its_short_name(Type type) =>
        Facts.Types.Count(other => other.Name.Equals(type.Name, StringComparison.OrdinalIgnoreCase)).ShouldBe(1);

    [Fact]
    public void There_is_no_sample_of_an_event_that_is_gone() =>
        Directory.GetFiles(Facts.Samples).Select(Path.GetFileNameWithoutExtension)
            .Except(Facts.Types.Select(type => type.Name))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_event_and_every_field_is_explained(Type type)
    {
        var page = File.ReadAllText(Facts.Page).ReplaceLineEndings("\n");
        var section = page.Split("\n### ").SingleOrDefault(part => part.StartsWith($"{type.Name}\n", StringComparison.Ordinal))
            .ShouldNotBeNull($"docs/events.md has no heading for {type.Name}.");

        section.ShouldContain("Since version 1");
        Facts.Fields(type).Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name))
            .Where(field => !section.Contains($"`{field}`", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }
}
