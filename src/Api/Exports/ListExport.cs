using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Exports;

/// <summary>A list as a file that is sent as it is read, in little memory. What breaks off in the middle breaks the connection: no part looks like a whole.</summary>
/// <param name="own">Keys of the fields that the playbook adds.</param>
/// <param name="name">Of the file, without what it ends with.</param>
/// <param name="place">Given back at the end.</param>
internal sealed class ListExport(
    IListRun run, ExportFormat format, Type answer, Trimming trimming, IReadOnlyList<string> own, string name,
    Func<CancellationToken, Task> mustStill, IDisposable place) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        using var taken = place;
        await using var reading = run;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var cut = stopping.Register(context.Abort);
        var (ct, headers) = (context.RequestAborted, context.Response.Headers);
        context.Response.ContentType = format == ExportFormat.Csv ? CsvSheet.ContentType : $"{AnswerFile.Lines}; charset=utf-8";
        var file = new ContentDispositionHeaderValue("attachment");
        file.SetHttpFileName($"{name}.{(format == ExportFormat.Csv ? "csv" : "ndjson")}");
        headers.ContentDisposition = file.ToString();
        headers[Headers.PositionName] = run.Position.ToString();
        if (!Methods.IsHead(context))
        {
            await Send(context.Response.Body, ct);
        }
    }

    private async Task Send(Stream to, CancellationToken ct)
    {
        await using var file = format == ExportFormat.Csv
            ? await CsvAnswers.Begin(to, new AnswerCells(answer, trimming.Shown, trimming.OwnOf(own)), ct)
            : new JsonAnswers(to, trimming.Of);
        while (await run.Next(ct) is { } answers)
        {
            foreach (var one in answers)
            {
                await file.Write(one, ct);
            }

            await file.Flush(ct);

            // What takes long must not outlive the right to it.
            await mustStill(ct);
        }
    }
}
