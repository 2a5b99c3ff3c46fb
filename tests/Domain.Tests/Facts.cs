using System.Reflection;

namespace Crm.Domain.Tests;

/// <summary>Every kind of event there is, each with its stored sample.</summary>
internal static class Facts
{
    // The markers are named I…Event; a new area is found by itself.
    public static readonly IReadOnlyList<Type> Types =
    [
        .. typeof(Money).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetInterfaces().Any(IsMarker))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
    ];

    public static readonly string Samples = Path.Combine(Root(), "tests", "Domain.Tests", "Samples");
    public static readonly string Page = Path.Combine(Root(), "docs", "events.md");

    public static IEnumerable<Type> TypesOf<TEvent>() => Types.Where(type => type.IsAssignableTo(typeof(TEvent)));

    public static string Sample(Type type) => File.ReadAllText(Path.Combine(Samples, $"{type.Name}.json"));

    public static TEvent[] SamplesOf<TEvent>() => [.. TypesOf<TEvent>().Select(type => (TEvent)Json.Read(type, Sample(type)))];

    public static IEnumerable<PropertyInfo> Fields(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsMarker(Type type) =>
        type.Name is ['I', .., 'E', 'v', 'e', 'n', 't'] && type.Namespace!.StartsWith("Crm.Domain.", StringComparison.Ordinal);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EventSourcedCrm.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No EventSourcedCrm.sln above the tests.");
        return folder;
    }
}
