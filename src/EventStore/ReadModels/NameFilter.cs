using Crm.EventModel;

namespace Crm.EventStore.ReadModels;

/// <summary>Which stored names a read model wants to see.</summary>
internal sealed record NameFilter(string[] Names, bool All)
{
    public static NameFilter Of(ReadModel model, EventTypes types) =>
        new([.. types.AliasesOf(model.Reads).Except(model.Ignores.SelectMany(types.AliasesOf))], All: model.Reads == typeof(object));

    /// <summary>Holds for a column of names, the wanted ones being a parameter. Who reads everything reads names that nobody knows, too.</summary>
    // A parameter that no statement mentions is refused: so it is mentioned, to no effect, where all are wanted.
    public string Condition(string column, string parameter) => All ? $"({column} = any({parameter}) or true)" : $"{column} = any({parameter})";
}
