using System.Security.Cryptography;
using System.Text;
using Crm.EventStore.Sealing;

namespace Crm.Api.Access;

/// <summary>A key for development that opens everything of the tenant <c>main</c>. There is none unless the operator sets one, or plays the sample company.</summary>
public sealed class DevKey(string? key)
{
    public const string Kind = "development-key";

    private readonly byte[]? hash = key is null ? null : Hash(key);

    /// <summary>The one in a file of a folder, made, readable by its owner only, when it is not there; without a folder one for this run.</summary>
    public static string InFolder(string? folder)
    {
        var made = $"dev_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        return folder is null ? made : SecretFile.ReadOrMake(Path.Combine(folder, "dev.key"), () => made);
    }

    public bool Is(string bearer) => hash is not null && CryptographicOperations.FixedTimeEquals(hash, Hash(bearer));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
