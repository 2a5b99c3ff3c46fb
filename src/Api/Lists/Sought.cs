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

    public string Of(Sought sought) => $"({Candidates(sought.Words)} and {string.Join(" and ", sought.Words.Select(word => $"({Holds(word, sought.Fields)})"))})";

    // By its grams, which are those of any name that a row ever had; none that holds the words is left out. They are gathered once, for all words, and
    // the rows then looked up by id, in the history too; a join would go through all of that.
    private string Candidates(IReadOnlyList<string> words)
    {
        var sought = words.SelectMany(word => SearchText.Sought(word, MostGrams) is var (grams, areBeginnings) ? grams.Select(gram => (Gram: gram, IsBeginning: areBeginnings)) : [])
            .Distinct().OrderBy(gram => gram.IsBeginning).ToList();
        var others = sought.Skip(1).Select(other => $"and exists (select from {Grams} o where {Gram("o", other.Gram, other.IsBeginning)} and o.record_id = g.record_id)");
        return $"r.{list.Id.Column.Name} = any(array(select g.record_id from {Grams} g where {Gram("g", sought[0].Gram, sought[0].IsBeginning)} {string.Join(' ', others)}))";
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
