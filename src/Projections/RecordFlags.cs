using Crm.Domain;

namespace Crm.Projections;

/// <summary>What a record is that is no business, as tables and answers write it.</summary>
public static class RecordFlags
{
    public static string Word(RecordFlag flag) => flag.ToString().ToLowerInvariant();
}
