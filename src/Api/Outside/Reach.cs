using System.Net;
using System.Net.Sockets;
using Crm.Domain;

namespace Crm.Api.Outside;

/// <summary>
/// Where webhooks may lead: over https, to a port that the operator permits, and to addresses that are everybody's. The address is looked
/// at when a
/// webhook is registered, and again at each connection, since names come to stand for other addresses.
/// </summary>
/// <param name="resolve">The addresses that a name stands for just now.</param>
public sealed class Reach(Settings settings, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const string Code = "webhook.url";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Reach(Settings settings) : this(settings, Dns.GetHostAddressesAsync)
    {
    }

    /// <exception cref="Rejection">Nothing may be sent there; what stands there is not told.</exception>
    public async Task<Uri> MustBeReachable(string text, CancellationToken ct)
    {
        var url = Parse(text);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await Addresses(url.IdnHost, patience.Token);
            return url;
        }
        catch (Exception away) when (away is SocketException or NotReachable or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // Whether there is no such name, or one that is not for everybody, is nobody's business.
            throw Wrong("Its name leads nowhere from here, or to addresses that are not everybody's.");
        }
    }

    /// <summary>A mail server that may be spoken to: one that the operator has named, or one of everybody's.</summary>
    /// <returns>An address that its name stands for now and that was looked at; null for one that the operator has named.</returns>
    /// <exception cref="NotReachable">It may not.</exception>
    /// <exception cref="SocketException">There is none of that name.</exception>
    public async Task<IPAddress?> MustReachMail(string host, int port, CancellationToken ct) =>
        settings.MailServers.Contains($"{host}:{port}", StringComparer.OrdinalIgnoreCase) ? null : (await Addresses(host, ct))[0];

    /// <summary>A connection to one of the addresses that a name stands for now. What was looked at is what is connected to.</summary>
    /// <exception cref="NotReachable">One of them is not everybody's.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Addresses(context.DnsEndPoint.Host, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || text.Contains('\\') || url.IdnHost.Length == 0 || text.Any(IsDisguised)
            || !(url.Scheme == Uri.UriSchemeHttps || (settings.UnsafeWebhooks && url.Scheme == Uri.UriSchemeHttp)))
        {
            throw Wrong("Write it as https://host/path.");
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            throw Wrong("Leave out user, password and what follows a #: receivers know us by our signature.");
        }

        return settings.UnsafeWebhooks || settings.WebhookPorts.Contains(url.Port)
            ? url
            : throw Wrong($"It may be on these ports: {string.Join(", ", settings.WebhookPorts)}.");
    }

    // Digits of other scripts are taken for ours by some.
    private static bool IsDisguised(char letter) => !char.IsAscii(letter) && char.IsNumber(letter);

    private async Task<IPAddress[]> Addresses(string host, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host.TrimEnd('.').Trim('[', ']'), out var address) ? [address] : await resolve(host, ct);
        return addresses.Length > 0 && addresses.All(MayBeReached) ? addresses : throw new NotReachable();
    }

    private bool MayBeReached(IPAddress address) =>
        Internet.Holds(address) || (settings.UnsafeWebhooks
            && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private static Rejection Wrong(string message) => Rejection.BrokenRule(Code, message, "url");
}

/// <summary>An address that is not everybody's.</summary>
public sealed class NotReachable() : Exception("The name leads to an address that is not everybody's.");
