using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Approvals;

/// <summary>What a link is good for: one person's one turn at one step of one approval, until a moment.</summary>
public sealed record ApprovalLink(string Tenant, Guid Approval, string Member, string Step, int Turn, DateTimeOffset Until);

/// <summary>
/// Where whoever is asked decides without coming in: what it is good for, and a code that only this installation can make. It is a key for
/// that one decision, so it ends.
/// </summary>
public sealed class ApprovalAddress(byte[] key)
{
    public const string Purpose = "crm approval v1";

    /// <summary>How long a link opens.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(14);

    private const int Code = 32;
    private const int Fixed = 16 + 4 + 8;

    public string Write(ApprovalLink link)
    {
        byte[] numbers = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(numbers, link.Turn);
        BinaryPrimitives.WriteInt64BigEndian(numbers.AsSpan(4), link.Until.ToUnixTimeSeconds());
        byte[] content = [.. link.Approval.ToByteArray(bigEndian: true), .. numbers,
            .. Encoding.UTF8.GetBytes($"{link.Tenant}\n{link.Member}\n{link.Step}")];
        return Base64Url.EncodeToString([.. Mac(content), .. content]);
    }

    /// <summary>Null for one that we have not made.</summary>
    public ApprovalLink? Read(string text)
    {
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > Code + Fixed } bytes
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, Code), Mac(bytes.AsSpan(Code))))
        {
            return null;
        }

        var content = bytes.AsSpan(Code);
        var texts = Encoding.UTF8.GetString(content[Fixed..]).Split('\n');
        return new(
            texts[0], new Guid(content[..16], bigEndian: true), texts[1], texts[2], BinaryPrimitives.ReadInt32BigEndian(content[16..]),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(content[20..])));
    }

    private ReadOnlySpan<byte> Mac(ReadOnlySpan<byte> content) => HMACSHA256.HashData(key, content);
}
