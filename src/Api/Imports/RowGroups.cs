using Crm.Domain.DataSources;

namespace Crm.Api.Imports;

/// <summary>
/// The rows of a file as they are taken: one by one, or all of one record together. A large file is gone through several times, each time for
/// the records of one part, so that no more of its rows than that are in memory.
/// </summary>
internal static class RowGroups
{
    private const int RowsAtOnce = 100_000;

    /// <summary>More changes than this no record has; what is beyond them is set aside.</summary>
    private const int MostOfOne = 1_000;

    public static IEnumerable<IReadOnlyList<NumberedRow>> Of(SourceFile source)
    {
        if (source.Kind is not GroupedKind)
        {
            foreach (var row in NumberedRow.Of(source))
            {
                yield return [row];
            }

            yield break;
        }

        var parts = (uint)(source.Rows / RowsAtOnce) + 1;
        for (var part = 0u; part < parts; part++)
        {
            var groups = new Dictionary<string, List<NumberedRow>>(StringComparer.Ordinal);
            foreach (var row in source.File.Rows())
            {
                var key = row.Fault is null ? row.Key(source.Kind.Key) : null;
                if ((key is null ? 0 : (uint)key.GetHashCode() % parts) != part)
                {
                    continue;
                }

                var numbered = new NumberedRow(source.File.Name, row, key, FirstLine: null);
                if (key is null)
                {
                    yield return [numbered];
                }
                else if (!groups.TryGetValue(key, out var group))
                {
                    groups.Add(key, [numbered]);
                }
                else if (group.Count < MostOfOne)
                {
                    group.Add(numbered);
                }
                else
                {
                    yield return [numbered with { Row = row.With(new RowRemark("too-many", $"There are more than {MostOfOne:N0} rows of one record; this one is beyond them.")) }];
                }
            }

            foreach (var group in groups.Values)
            {
                yield return group;
            }
        }
    }
}
