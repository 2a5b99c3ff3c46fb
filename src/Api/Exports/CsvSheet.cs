using CsvHelper;

namespace Crm.Api.Exports;

/// <summary>A file for spreadsheets, written as its rows come: RFC 4180 in UTF-8, and no cell that would be run as a formula.</summary>
internal sealed class CsvSheet(Stream to, char delimiter = ',') : IAsyncDisposable
{
    public const string MediaType = "text/csv";
    public const string ContentType = $"{MediaType}; charset=utf-8; header=present";

    // Without the mark at its beginning Excel takes Chinese for something else.
    private readonly CsvWriter writer = CsvWriter.Create(to, new CsvWriterOptions { WriteByteOrderMark = true, Separator = delimiter }, leaveOpen: true);

    public ValueTask Write(IEnumerable<string> cells, CancellationToken ct) => writer.WriteRecordAsync([.. cells.Select(Formulas.Guard)], ct);

    public async Task Flush(CancellationToken ct)
    {
        await writer.FlushAsync(ct);
        await to.FlushAsync(ct);
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
