using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>A server's refusal.</summary>
/// <param name="code">Its reply (RFC 5321, 4.2).</param>
/// <param name="isFinal">It is said of this mail, and will be said of it tomorrow.</param>
internal sealed class SmtpRefusal(int code, bool isFinal) : Exception($"The mail server says {code}.")
{
    public int Code => code;

    public bool IsFinal => isFinal;
}

/// <summary>A talk with a mail server (RFC 5321), behind STARTTLS (RFC 3207) where that is wanted: of one mail.</summary>
internal sealed class SmtpTalk : IDisposable
{
    private const int LongestLine = 4096;
    private const int MostLines = 100;
    private const int Ready = 220;
    private const int Well = 250;

    private readonly MailServer server;
    private readonly List<byte> read = [];
    private Stream stream;

    private SmtpTalk(MailServer server, Stream stream) => (this.server, this.stream) = (server, stream);

    /// <param name="address">What is spoken to; null for whatever the server's name stands for.</param>
    /// <exception cref="SmtpRefusal">How it greets says nothing of any mail.</exception>
    public static async Task<SmtpTalk> Begin(MailServer server, IPAddress? address, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (address is null ? socket.ConnectAsync(server.Host, server.Port, ct) : socket.ConnectAsync(address, server.Port, ct));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var talk = new SmtpTalk(server, new NetworkStream(socket, ownsSocket: true));
        try
        {
            await talk.Greet(ct);
            return talk;
        }
        catch
        {
            talk.Dispose();
            throw;
        }
    }

    /// <exception cref="SmtpRefusal">It takes it not, or not now.</exception>
    public async Task Send(string from, string to, string mail, CancellationToken ct)
    {
        await Say($"MAIL FROM:<{from}>", ct, IsOfMail, Well);

        // Nobody of that name, or none that takes mail: it will be so tomorrow.
        await Say($"RCPT TO:<{to}>", ct, code => code >= 500, Well, 251);
        await Say("DATA", ct, IsOfMail, 354);
        await Say($"{Stuffed(mail)}\r\n.", ct, IsOfMail, Well);
        try
        {
            // It is taken, whatever becomes of the goodbye.
            await stream.WriteAsync("QUIT\r\n"u8.ToArray(), ct);
        }
        catch (IOException)
        {
            // The server has hung up already.
        }
    }

    public void Dispose() => stream.Dispose();

    // It is too large, or will not be carried: other refusals may be of the server's own state.
    private static bool IsOfMail(int code) => code is 552 or 554;

    private static bool Never(int code) => false;

    // A line that begins with a dot gets another one, so that none is taken for the end (RFC 5321, 4.5.2).
    private static string Stuffed(string mail) => (mail.StartsWith('.') ? "." : "") + mail.Replace("\r\n.", "\r\n..",
        StringComparison.Ordinal);

    private async Task Greet(CancellationToken ct)
    {
        await Heard(ct, Never, Ready);
        var can = await Hello(ct);
        if (server.Security == MailSecurity.StartTls)
        {
            await Encrypt(can, ct);
            can = await Hello(ct);
        }

        if (server.User is { } user)
        {
            await LogIn(user, server.Password ?? "", can, ct);
        }
    }

    private async Task<IReadOnlyList<string>> Hello(CancellationToken ct) => await Say($"EHLO {Name()}", ct, Never, Well);

    private static string Name() =>
        Dns.GetHostName() is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? name : "[127.0.0.1]";

    // The address is the one that was looked at; the certificate says that it is who it is called.
    private async Task Encrypt(IReadOnlyList<string> can, CancellationToken ct)
    {
        if (!can.Any(line => line.Equals("STARTTLS", StringComparison.OrdinalIgnoreCase)))
        {
            throw new System.Security.Authentication.AuthenticationException("The mail server does not encrypt.");
        }

        await Say("STARTTLS", ct, Never, Ready);
        if (read.Count > 0)
        {
            throw new System.Security.Authentication.AuthenticationException("Somebody has put in what was not asked for.");
        }

        var secure = new SslStream(stream);
        stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, ct);
    }

    // RFC 4616; and what servers speak that know nothing newer.
    private async Task LogIn(string user, string password, IReadOnlyList<string> can, CancellationToken ct)
    {
        var ways = can.FirstOrDefault(line => line.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant()
            .Split(' ') ?? [];
        if (ways.Contains("PLAIN") || !ways.Contains("LOGIN"))
        {
            await Say($"AUTH PLAIN {Coded($"\0{user}\0{password}")}", ct, Never, 235);
            return;
        }

        await Say("AUTH LOGIN", ct, Never, 334);
        await Say(Coded(user), ct, Never, 334);
        await Say(Coded(password), ct, Never, 235);
    }

    private static string Coded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<IReadOnlyList<string>> Say(string text, CancellationToken ct, Func<int, bool> isFinal, params int[] wanted)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{text}\r\n"), ct);
        return await Heard(ct, isFinal, wanted);
    }

    /// <returns>The lines of the reply, without the code.</returns>
    private async Task<IReadOnlyList<string>> Heard(CancellationToken ct, Func<int, bool> isFinal, params int[] wanted)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await Line(ct);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw new IOException("That is no mail server.");
            }

            lines.Add(line.Length > 4 ? line[4..].Trim() : "");
            if (lines.Count > MostLines)
            {
                throw new IOException("The mail server does not come to an end.");
            }

            if (line.Length == 3 || line[3] != '-')
            {
                return wanted.Contains(code) ? lines : throw new SmtpRefusal(code, isFinal(code));
            }
        }
    }

    private async Task<string> Line(CancellationToken ct)
    {
        var buffer = new byte[512];
        int end;
        while ((end = read.IndexOf((byte)'\n')) < 0)
        {
            var count = await stream.ReadAsync(buffer, ct);
            if (count == 0 || read.Count > LongestLine)
            {
                throw new IOException("The mail server hung up, or says too much.");
            }

            read.AddRange(buffer.AsSpan(0, count));
        }

        var line = Encoding.ASCII.GetString([.. read.Take(end)]).TrimEnd('\r');
        read.RemoveRange(0, end + 1);
        return line;
    }
}
