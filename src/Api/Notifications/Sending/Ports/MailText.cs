using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>A mail as it is put on the line (RFC 5322, MIME): headers and bodies in ASCII, whatever they say.</summary>
internal static class MailText
{
    private const string Line = "\r\n";

    // An encoded word has 75 characters at most, those of its dress among them (RFC 2047).
    private const int MostBytesOfWord = 45;

    /// <param name="at">When it is sent.</param>
    public static string Of(Letter letter, MailAddress from, MailAddress to, DateTimeOffset at)
    {
        var text = new StringBuilder();
        Header("From", from.DisplayName.Length == 0 ? Plain(from) : $"{Words(from.DisplayName, isPhrase: true)} <{Plain(from)}>");
        Header("To", Plain(to));
        Header("Subject", Words(letter.Subject));
        Header("Date", at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header("Message-ID", $"<{letter.Id:N}@{Domain(from)}>");
        Header("Auto-Submitted", "auto-generated");
        if (letter.Unsubscribe is { } unsubscribe)
        {
            Header("List-Unsubscribe", $"<{unsubscribe.AbsoluteUri}>");
            Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        Header("MIME-Version", "1.0");
        if (letter.Html is not { } html)
        {
            return text.Append(Part("plain", letter.Text)).ToString();
        }

        var edge = $"part-{letter.Id:N}";
        Header("Content-Type", $"multipart/alternative; boundary=\"{edge}\"");
        return text.Append(Line)
            .Append($"--{edge}{Line}{Part("plain", letter.Text)}{Line}--{edge}{Line}{Part("html", html)}{Line}--{edge}--").ToString();

        void Header(string name, string value) => text.Append($"{name}: {value}{Line}");
    }

    /// <summary>An address as servers take it, its domain in ASCII.</summary>
    /// <exception cref="FormatException">Its local part is none that every server takes; in quotes one box would have many.</exception>
    public static string Plain(MailAddress address) =>
        Ascii.IsValid(address.User) && !address.User.Any(c => char.IsControl(c) || c is '<' or '>' or '"' or '\\')
            ? $"{address.User}@{Domain(address)}"
            : throw new FormatException("The local part of an address is in ASCII, and not in quotes.");

    private static string Domain(MailAddress address)
    {
        try
        {
            var domain = Ascii.IsValid(address.Host) ? address.Host : new IdnMapping().GetAscii(address.Host);
            return domain.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':' or '[' or ']')
                ? domain : throw new FormatException("That is no domain.");
        }
        catch (ArgumentException)
        {
            throw new FormatException("That is no domain.");
        }
    }

    private static string Part(string kind, string text) => string.Join(
        Line, $"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64", "",
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings(Line)), Base64FormattingOptions.InsertLineBreaks));

    // Letters, digits and spaces go as they are; of all else each word is base64, on a line of its own.
    private static string Words(string said, bool isPhrase = false)
    {
        if (said.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ' || (!isPhrase && c is >= '!' and <= '~'))
            && !said.Contains("=?", StringComparison.Ordinal))
        {
            return said;
        }

        var (words, bytes) = (new List<string>(), new List<byte>());
        foreach (var rune in said.EnumerateRunes())
        {
            var next = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + next.Length > MostBytesOfWord)
            {
                End();
            }

            bytes.AddRange(next);
        }

        End();
        return string.Join($"{Line} ", words);

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
            bytes.Clear();
        }
    }
}
