namespace Crm.Api.Imports.Files;

/// <summary>Where a mapping has rows from: a file, and of a workbook one of its sheets.</summary>
/// <param name="Sheet">Null for the first, and for files that have none.</param>
internal sealed record TableName(string File, string? Sheet = null)
{
    public override string ToString() => Sheet is null ? File : $"{File}, sheet '{Sheet}'";
}
