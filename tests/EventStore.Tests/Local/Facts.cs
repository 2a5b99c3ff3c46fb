using Crm.EventStore.Local;

namespace Crm.EventStore.Tests.Local;

/// <summary>A claim about machines with npm.</summary>
public sealed class FactWithNpmAttribute : FactAttribute
{
    public FactWithNpmAttribute() => Skip = SearchPath.Find("npm") is null ? "npm is not installed" : null;
}

/// <summary>A claim about machines with owners and modes of files.</summary>
public sealed class FactOnUnixAttribute : FactAttribute
{
    public FactOnUnixAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no such modes" : null;
}

/// <summary>A claim about what root does.</summary>
public sealed class FactAsRootAttribute : FactAttribute
{
    public FactAsRootAttribute() =>
        Skip = OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess ? "the tests do not run as root" : null;
}
