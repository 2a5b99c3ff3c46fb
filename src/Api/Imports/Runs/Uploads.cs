using System.Text;
using Crm.Api.Http;
using Crm.EventStore.Sealing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Imports.Runs;

/// <summary>
/// Takes files in, as they stream: at once, several as a form, or in parts that go on where the last one broke off
/// (the headers are those of draft-ietf-httpbis-resumable-upload).
/// </summary>
internal sealed class Uploads(SealedFiles files, Settings settings)
{
    public const string OffsetName = "Upload-Offset";
    public const string CompleteName = "Upload-Complete";
    public const string PartialType = "application/partial-upload";

    private const int MostFiles = 20;
    private const int LongestName = 200;

    /// <summary>A whole file, or with <c>Upload-Complete: ?0</c> its beginning; in place of what there was of that name.</summary>
    public async Task<StoredFile> Put(HttpContext context, string tenant, Guid import, string name, CancellationToken ct)
    {
        MustBeAName(name);
        var isLast = IsComplete(context.Request) ?? true;
        await MustHaveRoom(tenant, import, name, ct);
        await files.Begin(tenant, import, name, ct);
        return await Take(context, context.Request.Body, tenant, import, new StoredFile(name, 0, IsComplete: false), isLast, ct);
    }

    /// <summary>What follows on what there is of a file.</summary>
    public async Task<StoredFile> Append(HttpContext context, string tenant, Guid import, string name, CancellationToken ct)
    {
        if (context.Request.ContentType != PartialType)
        {
            throw new Problem(415, Code.UnsupportedMediaType, $"The next part of a file comes as {PartialType}.",
                Fault.InHeader(HeaderNames.ContentType, Code.UnsupportedMediaType, $"Send {PartialType}."));
        }

        var file = await Find(tenant, import, name, ct);
        if (!long.TryParse(context.Request.Headers[OffsetName], out var offset))
        {
            throw Problem.Invalid([Fault.InHeader(OffsetName, Code.Missing, "Say how many bytes of the file are here already; HEAD tells.")]);
        }

        return file.IsComplete || offset != file.Size
            ? throw new Problem(409, "upload.offset", file.IsComplete ? "All of the file is here already." : $"There are {file.Size} bytes of the file here; go on with the next one.",
                Fault.InHeader(OffsetName, "upload.offset", $"It has to be {file.Size}."))
            : await Take(context, context.Request.Body, tenant, import, file, IsComplete(context.Request) ?? false, ct);
    }

    /// <summary>Every file of a form (multipart/form-data, RFC 7578), under its own name.</summary>
    /// <param name="mustBeOpen">Asked before each file: a form may take long.</param>
    public async Task<IReadOnlyList<StoredFile>> Form(HttpContext context, string tenant, Guid import, Func<Task> mustBeOpen, CancellationToken ct)
    {
        var (taken, body) = (new List<StoredFile>(), MultipartBody.Of(context));
        while (await body.Next(ct) is { } part)
        {
            // A field, or an input for files that nothing was chosen for.
            if (part.FileName is null or "")
            {
                continue;
            }

            MustBeAName(part.FileName);
            await mustBeOpen();
            await MustHaveRoom(tenant, import, part.FileName, ct);
            await files.Begin(tenant, import, part.FileName, ct);
            taken.Add(await Take(context, part.Body, tenant, import, new StoredFile(part.FileName, 0, IsComplete: false), isLast: true, ct));
        }

        return taken.Count > 0 ? taken : throw Problem.Invalid([Fault.InBody("", Code.Missing, "There is no file in the form.")]);
    }

    public async Task<StoredFile> Find(string tenant, Guid import, string name, CancellationToken ct) =>
        (await files.All(tenant, import, ct)).FirstOrDefault(file => file.Name == name)
            ?? throw Domain.Rejection.Unknown("import.file-unknown", "The import has no file of this name.");

    private async Task<StoredFile> Take(HttpContext context, Stream body, string tenant, Guid import, StoredFile file, bool isLast, CancellationToken ct)
    {
        MakeRoom(context);
        var (at, piece) = (file.Size, new byte[SealedFiles.LongestPiece]);
        Exception? brokenOff;
        int length;
        do
        {
            (length, brokenOff) = await Fill(body, piece, ct);
            if (at + length > settings.LongestFile)
            {
                throw new Problem(413, Code.BodyTooLarge, $"A file may have at most {settings.LongestFile} bytes.");
            }

            if (length > 0)
            {
                await Add(piece.AsMemory(0, length), isLast: false);
                at += length;
            }
        }
        while (length == piece.Length && brokenOff is null);

        if (brokenOff is not null)
        {
            throw new Problem(400, Code.BadRequest, $"The body broke off. {at} bytes of the file are here; go on with the next one.");
        }

        if (isLast)
        {
            await Add(default, isLast: true);
        }

        return new StoredFile(file.Name, at, isLast);

        async Task Add(ReadOnlyMemory<byte> bytes, bool isLast)
        {
            // What has come is kept, though whoever sent it may be gone.
            if (!await files.Add(tenant, import, file.Name, at, bytes, isLast, CancellationToken.None))
            {
                throw new Problem(409, "upload.offset", "Somebody else sends this file at the same time.");
            }
        }
    }

    private async Task MustHaveRoom(string tenant, Guid import, string name, CancellationToken ct)
    {
        if ((await files.All(tenant, import, ct)).Count(file => file.Name != name) >= MostFiles)
        {
            throw Domain.Rejection.BrokenRule("import.files", $"An import has at most {MostFiles} files.");
        }
    }

    // What comes before a body breaks off is kept, so that it can be gone on with.
    private static async Task<(int Length, Exception? BrokenOff)> Fill(Stream body, byte[] piece, CancellationToken ct)
    {
        var length = 0;
        try
        {
            while (length < piece.Length && await body.ReadAsync(piece.AsMemory(length), ct) is var count and > 0)
            {
                length += count;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return (length, error);
        }

        return (length, null);
    }

    private static void MakeRoom(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    private static void MustBeAName(string name)
    {
        if (name.Length == 0 || name[0] == '.' || name.AsSpan().IndexOfAny("/\\:*?\"<>|") >= 0 || name.Any(char.IsControl)
            || name.Contains("%2F", StringComparison.OrdinalIgnoreCase) || Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            throw Problem.Invalid([Fault.InBody("", "import.file-name", $"A file's name has 1 to {LongestName} bytes in UTF-8, no point in front, and none of / \\ : * ? \" < > |.")]);
        }
    }

    private static bool? IsComplete(HttpRequest request) => request.Headers[CompleteName].ToString() switch
    {
        "" => null,
        "?1" => true,
        "?0" => false,
        _ => throw Problem.Invalid([Fault.InHeader(CompleteName, Code.NotOneOf, "Send ?1 where nothing follows, or ?0.")])
    };
}
