using System.Net;
using Crm.Api.Access;
using Crm.Api.Attachments;
using NodaTime;

namespace Crm.Api;

/// <summary>What an operator may set, by <c>appsettings.json</c> or the environment (<c>Crm__DataDirectory</c>). Each is explained where its default stands.</summary>
public sealed class Settings
{
    public string? DataDirectory { get; init; }

    public string? PostgresBinaries { get; init; }

    public string? MasterKey { get; init; }

    public string Zone { get; init; } = "UTC";

    public int Port { get; init; } = 5080;

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Where others reach this installation, without a slash at its end; null where that is as each request was addressed.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>A key that opens everything of the tenant <c>main</c>; null for none.</summary>
    public string? DevKey { get; init; }

    /// <summary>Whose access tokens are taken.</summary>
    public IReadOnlyList<IssuerSettings> Issuers { get; init; } = [];

    /// <summary>How many requests a second a tenant may send; 0 for no limit.</summary>
    public int TenantRequestsPerSecond { get; init; } = 2000;

    /// <summary>The same for one key, or for one login with all its tokens.</summary>
    public int KeyRequestsPerSecond { get; init; } = 1000;

    /// <summary>How many readers of a tenant may keep a connection open for events or exports, on each node.</summary>
    public int TenantStreams { get; init; } = 100;

    /// <summary>The same of one key, or of one login.</summary>
    public int KeyStreams { get; init; } = 20;

    public int PatienceSeconds { get; init; } = 5;

    /// <summary>The ports that webhooks may be on.</summary>
    public IReadOnlyList<int> WebhookPorts { get; init; } = [443];

    /// <summary>Webhooks may be on this machine, over plain http and on any port: for development and tests.</summary>
    public bool UnsafeWebhooks { get; init; }

    /// <summary>Mail servers, as host:port, that tenants may use although they are not everybody's: those of the house.</summary>
    public IReadOnlyList<string> MailServers { get; init; } = [];

    /// <summary>How many bytes a file that is sent here may have.</summary>
    public long LongestFile { get; init; } = 512L << 20;

    /// <summary>Where files that are attached to records lie; null for <c>contents</c> in the data directory.</summary>
    public string? AttachmentFolder { get; init; }

    /// <summary>How many bytes an attached file may have.</summary>
    public long LongestAttachment { get; init; } = 25L << 20;

    /// <summary>How many MiB all of a tenant's may have.</summary>
    public long TenantAttachmentsMiB { get; init; } = 100 << 10;

    /// <summary>A ClamAV daemon that looks at what is to be attached: a socket's path, or host and port; null for none.</summary>
    public string? Scanner { get; init; }

    /// <summary>Where the whole history is exported to by itself; null for nowhere.</summary>
    public string? ExportFolder { get; init; }

    public int ExportEveryDays { get; init; } = 14;

    /// <summary>How many of these exports stay.</summary>
    public int ExportsKept { get; init; } = 3;

    /// <summary>A PostgreSQL of the operator's own; null for the private one.</summary>
    public string? ConnectionString { get; private init; }

    public DateTimeZone DateTimeZone => DateTimeZoneProviders.Tzdb.GetZoneOrNull(Zone) ??
        throw new InvalidOperationException($"Crm:Zone is '{Zone}', which is no IANA time zone such as UTC or Asia/Shanghai.");

    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static Settings From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Crm");
        var known = typeof(Settings).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key)) is { } stranger)
        {
            throw new InvalidOperationException($"There is no setting Crm:{stranger.Key}.");
        }

        var settings = new Settings
        {
            DataDirectory = Text("DataDirectory"),
            PostgresBinaries = Text("PostgresBinaries"),
            MasterKey = Text("MasterKey"),
            Zone = Text("Zone") ?? "UTC",
            Port = Number("Port", 5080, 0, 65_535),
            Listen = Text("Listen") is { } listen ? Address("Listen", listen) : IPAddress.Loopback,
            PublicAddress = Text("PublicAddress") is not { } address ? null : Base(address),
            Proxies = [.. section.GetSection("Proxies").GetChildren().Select(proxy => Address("Proxies", proxy.Value))],
            DevKey = Text("DevKey") is not { } key ? null : key.Length >= 8 && key.All(c => c is > ' ' and <= '~') ? key
                : throw new InvalidOperationException("Crm:DevKey must be 8 or more visible ASCII characters."),
            Issuers = [.. section.GetSection("Issuers").GetChildren().Select(IssuerSettings.From)],
            TenantRequestsPerSecond = Number("TenantRequestsPerSecond", 2000, 0, 1_000_000),
            KeyRequestsPerSecond = Number("KeyRequestsPerSecond", 1000, 0, 1_000_000),
            TenantStreams = Number("TenantStreams", 100, 1, 100_000),
            KeyStreams = Number("KeyStreams", 20, 1, 100_000),
            PatienceSeconds = Number("PatienceSeconds", 5, 1, 120),
            WebhookPorts = section.GetSection("WebhookPorts").GetChildren().Select(port => Parsed("WebhookPorts", port.Value ?? "", 1, 65_535)).ToList() is { Count: > 0 } ports ? ports : [443],
            UnsafeWebhooks = Text("UnsafeWebhooks") is { } unsafely && (bool.TryParse(unsafely, out var truth) ? truth
                : throw new InvalidOperationException($"Crm:UnsafeWebhooks is '{unsafely}'; it must be true or false.")),
            MailServers = [.. section.GetSection("MailServers").GetChildren().Select(server => Server(server.Value ?? ""))],
            LongestFile = Number("LongestFile", 512 << 20, 1, int.MaxValue),
            AttachmentFolder = Folder("AttachmentFolder", "/var/lib/crm/contents"),
            LongestAttachment = Number("LongestAttachment", 25 << 20, 1, int.MaxValue),
            TenantAttachmentsMiB = Number("TenantAttachmentsMiB", 100 << 10, 1, int.MaxValue),
            Scanner = Text("Scanner") is not { } scanner ? null : ClamAv.Parse(scanner) is not null ? scanner
                : throw new InvalidOperationException($"Crm:Scanner is '{scanner}'; it must be the path of a socket, such as /run/clamav/clamd.ctl, or host:port."),
            ExportFolder = Folder("ExportFolder", "/var/backups/crm"),
            ExportEveryDays = Number("ExportEveryDays", 14, 1, 3650),
            ExportsKept = Number("ExportsKept", 3, 1, 1000),
            ConnectionString = configuration.GetConnectionString("Crm") is { Length: > 0 } text ? text : null
        };
        _ = settings.DateTimeZone;
        return settings;

        static string Server(string text) => text.Split(':') is [{ Length: > 0 }, var port] && ushort.TryParse(port, out _) ? text
            : throw new InvalidOperationException($"Crm:MailServers holds '{text}'; each must be host:port, such as mail.house:25.");

        static IPAddress Address(string name, string? text) => IPAddress.TryParse(text, out var address) ? address
            : throw new InvalidOperationException($"Crm:{name} is '{text}'; it must be an IP address, such as 127.0.0.1.");

        static string Base(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? uri.AbsoluteUri.TrimEnd('/')
            : throw new InvalidOperationException($"Crm:PublicAddress is '{text}'; it must be an address such as https://crm.example.com.");

        string? Folder(string name, string example) => Text(name) is not { } folder ? null : Path.IsPathFullyQualified(folder) ? folder
            : throw new InvalidOperationException($"Crm:{name} is '{folder}'; it must be a whole path, such as {example}.");

        string? Text(string name) => section[name] is { Length: > 0 } text ? text : null;

        int Number(string name, int fallback, int least, int most) => Text(name) is { } text ? Parsed(name, text, least, most) : fallback;

        static int Parsed(string name, string text, int least, int most) => int.TryParse(text, out var number) && number >= least && number <= most ? number
            : throw new InvalidOperationException($"Crm:{name} is '{text}'; it must be a number from {least} to {most}.");
    }
}
