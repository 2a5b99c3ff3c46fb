using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Lists;

/// <summary>One of the things by which a list is sorted. What is not known comes last, up or down.</summary>
public sealed record SortKey(ListField Field, bool Descending)
{
    public override string ToString() => Descending ? $"-{Field.Name}" : Field.Name;
}

/// <summary>The order of a list in SQL.</summary>
public static class SortSql
{
    public static string OrderBy(IReadOnlyList<SortKey> keys) =>
        string.Join(", ", keys.Select(key => $"{key.Field.Sql}{(key.Descending ? " desc" : "")} nulls last"));

    /// <summary>What comes after a row with these values.</summary>
    public static string After(IReadOnlyList<SortKey> keys, IReadOnlyList<object?> values, NpgsqlCommand command)
    {
        var parameters = values.Select((value, i) => value is null ? null : command.Parameter(keys[i].Field.InSql(value))).ToList();
        var (ways, same) = (new List<string>(), new List<string>());
        for (var i = 0; i < keys.Count; i++)
        {
            var (key, value) = (keys[i], parameters[i]);
            // After what is not known comes nothing else.
            if (value is not null)
            {
                var beyond = $"{key.Field.Sql} {(key.Descending ? "<" : ">")} {value}";
                ways.Add(string.Join(" and ", [.. same, key.Field.IsNullable ? $"({beyond} or {key.Field.Sql} is null)" : beyond]));
            }

            same.Add(value is null ? $"{key.Field.Sql} is null" : $"{key.Field.Sql} = {value}");
        }

        return $"({string.Join(" or ", ways)})";
    }
}
