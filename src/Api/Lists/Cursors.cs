using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Api.Http;

namespace Crm.Api.Lists;

/// <summary>Where a page ended, and what its list showed.</summary>
/// <param name="Position">The position of the first page, which all that follow show too.</param>
/// <param name="Keys">What the last row was sorted by.</param>
/// <param name="Moment">The moment that the first page was asked about, where time alone makes a difference.</param>
public sealed record Cursor(long Position, IReadOnlyList<string?> Keys, DateTimeOffset? Moment = null);

/// <summary>
/// Puts cursors into words that only this installation can make, and takes them back for the very question that they were made for. All
/// nodes have the same key, so a run of pages may go over any of them.
/// </summary>
/// <param name="epoch">The life of the store, as it is now.</param>
public sealed class Cursors(byte[] key, Func<string> epoch)
{
    public const string Purpose = "crm list cursors v1";

    /// <param name="question">Everything that decides which rows there are and in which order, the tenant included.</param>
    public string Write(Cursor cursor, string question)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new Content(epoch(), cursor.Position, cursor.Keys, cursor.Moment));
        return Base64Url.EncodeToString([.. Mac(question, content), .. content]);
    }

    /// <exception cref="Problem">400: not one of ours, or of another question. 410: of the store as it was before a restore.</exception>
    public Cursor Read(string text, string question, Func<string, string, Fault> fault)
    {
        const int Mac = HMACSHA256.HashSizeInBytes;
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > Mac } bytes || Base64Url.EncodeToString(bytes) != text
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, Mac), this.Mac(question, bytes.AsSpan(Mac))))
        {
            throw Problem.Invalid([fault(Code.BadCursor, "Send nextCursor of an earlier page as it was and with the same question, or none.")]);
        }

        var content = JsonSerializer.Deserialize<Content>(bytes.AsSpan(Mac))!;
        return content.Epoch == epoch()
            ? new Cursor(content.Position, content.Keys, content.Moment)
            : throw new Problem(410, Code.ForeignEpoch, "The cursor is of another life of the store, before a restore; begin at the first page.",
                fault(Code.ForeignEpoch, $"The epoch is {epoch()} now."));
    }

    private byte[] Mac(string question, ReadOnlySpan<byte> content) =>
        HMACSHA256.HashData(key, (byte[])[.. SHA256.HashData(Encoding.UTF8.GetBytes(question)), .. content]);

    private sealed record Content(
        string Epoch, long Position, IReadOnlyList<string?> Keys,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Moment);
}
