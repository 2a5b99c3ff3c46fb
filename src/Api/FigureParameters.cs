using Crm.Api.Access;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Api;

/// <summary>What figures that are queries of their own are asked with, in this order, behind what is each one's own.</summary>
internal static class FigureParameters
{
    /// <param name="filters">A text each; null is any.</param>
    /// <param name="owners">The reps and the teams whose records the caller sees; null is all.</param>
    public static void Add(NpgsqlCommand command, IEnumerable<string?> filters, Owners? owners)
    {
        foreach (var value in filters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        foreach (var seen in (IReadOnlyList<string>?[])[owners?.Reps, owners?.Teams])
        {
            command.Parameters.Add(
                new NpgsqlParameter { Value = (object?)seen?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }
    }
}
