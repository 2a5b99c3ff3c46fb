using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.EventStore.Contents;

namespace Crm.Api.Attachments;

/// <summary>What a form says of a file beside it.</summary>
/// <param name="Id">The sender's own id for the attachment: the same file sent twice is attached once.</param>
/// <param name="Label">What it is evidence of, such as <c>minutes</c>.</param>
/// <param name="TouchId">The touch of the record that it belongs to.</param>
public sealed record AttachFileRequest(Guid? Id = null, [Text(60)] string? Label = null, Guid? TouchId = null, DateTimeOffset? OccurredAt = null);

/// <summary>A file on its way in, and what was said of it.</summary>
internal sealed class AttachmentForm : IAsyncDisposable
{
    public const string FilePart = "file";

    private const int LongestField = 4 << 10;
    private const int MostFields = 20;

    private AttachmentForm(ContentDraft draft) => Draft = draft;

    public ContentDraft Draft { get; }

    /// <summary>Fit to be shown.</summary>
    public string Name { get; private set; } = "";

    public AttachFileRequest Said { get; private set; } = new();

    /// <summary>The same for the same form, whatever its boundary.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <param name="longest">How many bytes the file may have.</param>
    /// <exception cref="Problem">400, 413, 415: what is wrong with the form.</exception>
    public static async Task<AttachmentForm> Read(HttpContext context, SealedContents contents, long longest, CancellationToken ct)
    {
        var form = new AttachmentForm(contents.Begin());
        try
        {
            await form.Read(MultipartBody.Of(context, longest + (MostFields * 2L * LongestField)), longest, ct);
            return form;
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await form.DisposeAsync();
            throw TooLarge(longest);
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Draft.DisposeAsync();

    private async Task Read(MultipartBody body, long longest, CancellationToken ct)
    {
        var (fields, hasFile) = (new JsonObject(), false);
        while (await body.Next(ct) is { } part)
        {
            if (part.FileName is not null)
            {
                if (hasFile || part.Name != FilePart)
                {
                    throw Problem.Invalid([Fault.InBody($"/{part.Name}", Code.UnknownField, $"Send one file, as the part '{FilePart}'.")]);
                }

                (hasFile, Name) = (true, FileName.Clean(part.FileName));
                await Take(part.Body, longest, ct);
            }
            else if (fields.Count == MostFields || !fields.TryAdd(part.Name, await Text(part, ct)))
            {
                throw Problem.Invalid([Fault.InBody($"/{part.Name}", Code.UnknownField, $"Send each field once, and {MostFields} at most.")]);
            }
        }

        if (!hasFile || Name.Length == 0 || Draft.Size == 0)
        {
            throw Problem.Invalid([Fault.InBody($"/{FilePart}", Code.Missing, $"Send a file that has a name and is not empty, as the part '{FilePart}'.")]);
        }

        await Draft.Finish(ct);
        var faults = new Findings();
        using var json = JsonSerializer.SerializeToDocument(fields);
        Said = (AttachFileRequest)Shape.OfRecord(typeof(AttachFileRequest)).Read(json.RootElement, Place.Body(faults))!;
        faults.ThrowIfAny();
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Draft.Sha256}\n{Name}\n{fields.ToJsonString()}")));
    }

    private async Task Take(Stream file, long longest, CancellationToken ct)
    {
        var buffer = new byte[64 << 10];
        while (await Next(file, buffer, ct) is var count and > 0)
        {
            if (Draft.Size + count > longest)
            {
                throw TooLarge(longest);
            }

            await Draft.Write(buffer.AsMemory(0, count), ct);
        }
    }

    private static Problem TooLarge(long longest) => new(413, Code.BodyTooLarge, $"A file may have at most {longest} bytes.",
        Fault.InBody($"/{FilePart}", Code.BodyTooLarge, $"Send at most {longest} bytes."));

    private static async Task<string> Text(FormPart part, CancellationToken ct)
    {
        var (buffer, length) = (new byte[LongestField + 1], 0);
        while (length < buffer.Length && await Next(part.Body, buffer.AsMemory(length), ct) is var count and > 0)
        {
            length += count;
        }

        var text = buffer.AsSpan(0, length);
        return length <= LongestField && System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text)
            : throw Problem.Invalid([Fault.InBody($"/{part.Name}", Code.BadText, $"Send text in UTF-8, of {LongestField} bytes at most.")]);
    }

    // A form that breaks off is the sender's fault.
    private static async Task<int> Next(Stream part, Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await part.ReadAsync(buffer, ct);
        }
        catch (Exception error) when (error is InvalidDataException or IOException && error is not BadHttpRequestException && !ct.IsCancellationRequested)
        {
            throw MultipartBody.BrokenOff();
        }
    }
}
