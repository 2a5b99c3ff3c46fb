using System.Net;
using System.Net.Sockets;

namespace Crm.Api.Outside;

/// <summary>Which addresses are everybody's. All others are this machine's, its network's, or nobody's, and no webhook leads
/// there.</summary>
public static class Internet
{
    // IANA's registries of special addresses, and what is for many at once.
    private static readonly IPNetwork[] Special =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"
        ]).Select(network => IPNetwork.Parse(network))
    ];

    // Of the sixth version, only this part has been given to anybody.
    private static readonly IPNetwork Given = IPNetwork.Parse("2000::/3");

    // Behind this one an address of the fourth version is meant.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool Holds(IPAddress address)
    {
        var meant = address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address)
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
        return (meant.AddressFamily == AddressFamily.InterNetwork || Given.Contains(meant))
            && !Special.Any(network => network.Contains(meant));
    }
}
