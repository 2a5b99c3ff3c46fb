using System.Net;
using System.Net.Sockets;

namespace Crm.Api.Events;

/// <summary>Where this installation is reached by others, without a slash at its end.</summary>
public sealed class PublicAddress(Settings settings)
{
    /// <summary>As the operator says; otherwise as this request was addressed.</summary>
    public string Of(HttpRequest request) => settings.PublicAddress ?? $"{request.Scheme}://{request.Host.ToUriComponent()}";

    /// <summary>As the operator says; otherwise where the program listens.</summary>
    public string WithoutRequest => settings.PublicAddress ?? $"http://{Local(settings.Listen)}:{settings.Port}";

    private static string Local(IPAddress listen) => listen.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{listen}]" : listen.ToString();
}
