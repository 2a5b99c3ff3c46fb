using System.Buffers;
using System.Text.Json;
using Crm.Api.Http;

namespace Crm.Api.Exports;

public enum ExportFormat { Csv, Ndjson }

/// <summary>A file that answers are written to one by one, as they come.</summary>
internal abstract class AnswerFile : IAsyncDisposable
{
    public const string Lines = "application/x-ndjson";

    public abstract Task Write(object answer, CancellationToken ct);

    /// <summary>Sends what was written.</summary>
    public abstract Task Flush(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}

/// <inheritdoc/>
internal sealed class CsvAnswers : AnswerFile
{
    private readonly CsvSheet sheet;
    private readonly AnswerCells cells;

    private CsvAnswers(CsvSheet sheet, AnswerCells cells) => (this.sheet, this.cells) = (sheet, cells);

    public static async Task<AnswerFile> Begin(Stream to, AnswerCells cells, CancellationToken ct)
    {
        var file = new CsvAnswers(new CsvSheet(to), cells);
        await file.sheet.Write(cells.Headings, ct);
        return file;
    }

    public override async Task Write(object answer, CancellationToken ct) => await sheet.Write(cells.Of(answer), ct);

    public override Task Flush(CancellationToken ct) => sheet.Flush(ct);

    public override ValueTask DisposeAsync() => sheet.DisposeAsync();
}

/// <summary>Each answer as a line of JSON.</summary>
/// <param name="shown">What is shown of an answer.</param>
internal sealed class JsonAnswers(Stream to, Func<object, object> shown) : AnswerFile
{
    private const int Full = 1 << 16;

    private readonly ArrayBufferWriter<byte> buffer = new(Full);

    public override async Task Write(object answer, CancellationToken ct)
    {
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(shown(answer), AnswerJson.Options));
        buffer.Write("\n"u8);
        if (buffer.WrittenCount >= Full)
        {
            await Send(ct);
        }
    }

    public override async Task Flush(CancellationToken ct)
    {
        await Send(ct);
        await to.FlushAsync(ct);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task Send(CancellationToken ct)
    {
        await to.WriteAsync(buffer.WrittenMemory, ct);
        buffer.ResetWrittenCount();
    }
}
