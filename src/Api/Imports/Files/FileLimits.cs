namespace Crm.Api.Imports.Files;

/// <summary>How large a file's parts may be, so that no file, however it was made, takes more memory than this.</summary>
internal static class FileLimits
{
    public const int Columns = 2_000;

    /// <summary>Characters of a row, its line breaks included.</summary>
    public const int Row = 1 << 20;

    /// <summary>Characters of a cell: as many as the longest text of the usual systems.</summary>
    public const int Cell = 1 << 17;

    /// <summary>Lines that one row may go over: more of them are a quote that is not closed.</summary>
    public const int LinesOfARow = 10_000;

    /// <summary>Rows of a sheet.</summary>
    public const int SheetRows = 1_048_576;
}
