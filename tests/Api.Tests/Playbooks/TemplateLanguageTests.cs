using Crm.Api.Playbooks;

namespace Crm.Api.Tests.Playbooks;

/// <summary>What a text may be made of, and what would take the program with it.</summary>
public sealed class TemplateLanguageTests
{
    [Theory]
    [InlineData("{{lead.company}} {{ lead.role }} {{{lead.region}}} {{~unsubscribe~}}")]
    [InlineData("{{#if lead.contact}}{{lead.contact}}{{else if lead.company}}{{lead.company}}{{else}}-{{/if}}")]
    [InlineData("{{#unless lead.contact}}a{{/unless}}{{! says nothing }} { } {x}")]
    public void Gaps_conditions_and_comments_are_filled_in(string text) => Fault(text).ShouldBeNull();

    [Theory]
    [InlineData("{{#each @root.lead}}", "{{/each}}", 9)]
    [InlineData("{{#with lead}}", "{{/with}}", 1)]
    [InlineData("{{#lead}}", "{{/lead}}", 1)]
    [InlineData("{{> a}}", "", 1)]
    [InlineData("{{#*inline \"a\"}}{{> a}}", "{{/inline}}", 1)]
    [InlineData("{{{{lead.company}}}}", "{{{{/lead.company}}}}", 1)]
    [InlineData("{{#if lead}}", "{{/if}}", 101)]
    public void Loops_contexts_and_parts_are_refused_before_they_are_tried(string begin, string end, int times) =>
        Fault(Repeat(begin, times) + "x" + Repeat(end, times)).ShouldNotBeNull();

    [Fact]
    public void Calls_in_calls_are_refused_before_they_fill_the_stack() =>
        Fault("{{lookup lead " + Repeat("(lookup lead ", 7000) + "'company'" + Repeat(")", 7000) + "}}").ShouldNotBeNull();

    private static string? Fault(string text) => TemplateLanguage.Handlebars.Fault(text);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
