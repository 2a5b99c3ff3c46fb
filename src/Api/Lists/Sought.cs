using Crm.Domain.Conditions;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Lists;

/// <summary>Words that a record must hold, each in any of these fields.</summary>
/// <param name="Words">Folded as in <see cref="SearchText"/>.</param>
internal sealed record Sought(IReadOnlyList<string> Words, IReadOnlyList<ListField> Fields);

/// <summary>Words in SQL. Tenant is <c>$1</c>, and the rows are called <c>r</c>.</summary>
internal sealed class SoughtSql(RecordList list, NpgsqlCommand command)
{
    private const int MostGrams = 3;

    // The last there is: all that begins with a text comes before the text with it.
    private static readonly string Last = char.ConvertFromUtf32(0x10FFFF);

    private static readonly string Grams = ModelTables.Of(Catalog.Search).Rows;

    public string Of(Sought sought) => $"({string.Join(" and ", sought.Words.Select(word => $"{Candidates(word)} and ({Holds(word, sought.Fields)})"))})";

    /// <summary>That a row may hold a text: by its grams, which were those of any name that it ever had. None that does is left out.</summary>
    public string MayHold(string text) => string.Join(" and ", SearchText.Words(text).Select(Candidates).DefaultIfEmpty("true"));

    // An array is gathered once, and its ids are then looked up, in the history too; a join would go through all of that.
    private string Candidates(string word)
    {
        var (grams, areBeginnings) = SearchText.Sought(word, MostGrams);
        var others = grams.Skip(1).Select(gram => $"and exists (select from {Grams} o where {Gram("o", gram, areBeginnings)} and o.record_id = g.record_id)");
        return $"r.{list.Id.Column.Name} = any(array(select g.record_id from {Grams} g where {Gram("g", grams[0], areBeginnings)} {string.Join(' ', others)}))";
    }

    private string Gram(string relation, string gram, bool isBeginning)
    {
        var column = $"{relation}.gram";
        var test = isBeginning
            ? $"{column} >= {command.Parameter(gram)} and {column} < {command.Parameter(gram + Last)}"
            : $"{column} = {command.Parameter(gram)}";
        return $"{relation}.tenant_id = $1 and {relation}.subject = {command.Parameter(list.Name)} and {test}";
    }

    private string Holds(string word, IReadOnlyList<ListField> fields)
    {
        var (from, to) = (command.Parameter(SearchText.From), command.Parameter(SearchText.To));
        return string.Join(" or ", fields.Select(field => $"strpos(translate(lower({field.Sql}), {from}, {to}), {command.Parameter(word)}) > 0"));
    }
}
