using System.Text.Json;

namespace Crm.Domain.Contacts;

/// <summary>Roles in decisions to buy as the words that tables and answers have for them: <c>decision-maker</c>.</summary>
public static class BuyingRoles
{
    /// <summary>From who uses it to who says yes.</summary>
    public static readonly IReadOnlyList<BuyingRole> All = Enum.GetValues<BuyingRole>();

    private static readonly Dictionary<string, BuyingRole> Words = All.ToDictionary(role => Word(role));

    public static string Word(BuyingRole role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    /// <summary>Null where there is none.</summary>
    public static string? Word(BuyingRole? role) => role is { } known ? Word(known) : null;

    /// <summary>The role that a word stands for; null where there is none.</summary>
    public static BuyingRole? Of(string? word) => word is not null && Words.TryGetValue(word, out var role) ? role : null;
}
