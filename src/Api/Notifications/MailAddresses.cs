using System.Net.Mail;

namespace Crm.Api.Notifications;

/// <summary>Addresses of mail as people write them.</summary>
internal static class MailAddresses
{
    public const string Wanted = "An address of mail is written as name@example.com.";

    public static bool IsOne(string text) => MailAddress.TryCreate(text, out var address) && address.Address == text
        && !text.Any(char.IsControl);
}
