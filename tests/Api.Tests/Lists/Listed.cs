using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Lists;

/// <summary>Words for going through lists.</summary>
internal static class Listed
{
    public static IReadOnlyList<string> Ids(this Reply page) => page.All("id");

    /// <summary>A member of all items.</summary>
    public static IReadOnlyList<string> All(this Reply page, string member) =>
        [.. page.Ok().Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(member).ToString())];

    /// <summary>All pages of a list, with something done between any two.</summary>
    public static async Task<IReadOnlyList<Reply>> Pages(this HttpClient http, string path, string? least, Func<Task>? meanwhile = null)
    {
        var pages = new List<Reply> { (await http.Read(path, ("Crm-Min-Position", least))).Ok() };
        while (pages[^1]["nextCursor"] is { } cursor)
        {
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            pages.Add((await http.Read($"{path}&cursor={cursor}")).Ok());
        }

        return pages;
    }

    public static string Escape(string text) => Uri.EscapeDataString(text);
}
