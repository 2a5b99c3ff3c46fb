using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Approvals;

/// <summary>A small company for journeys: li sells; chen is his superior, and zhao is chen's; wang and sun are reps beside him.</summary>
internal static class ApprovalSteps
{
    /// <summary>An approval that waits, in a tenant that has an admin and no more.</summary>
    public static async Task<Guid> Asked(HttpClient admin, Guid deal)
    {
        var boss = new { key = "boss", name = "Boss", approvers = new { roles = new[] { "admin" } } };
        await Publish(admin, new { key = "discount", name = "Discount", allowOwn = true, steps = new[] { boss } });
        return (await admin.Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "theirs" })).Ok().Id;
    }

    public static async Task Publish(HttpClient admin, params object[] flows)
    {
        var reps = new object[] { new { rep = "li", superior = "chen" }, new { rep = "chen", superior = "zhao" }, new { rep = "zhao" },
            new { rep = "wang" }, new { rep = "sun" } };
        (await admin.Put("playbook/draft", new { name = "B2B", reps, approvals = flows })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
    }

    public static object Flow(string key, params object[] steps) => new { key, name = key, steps };

    /// <summary>Everybody by name, each with a key of his own.</summary>
    public static async Task<IReadOnlyDictionary<string, HttpClient>> People(CrmServer crm, HttpClient admin)
    {
        var people = new Dictionary<string, HttpClient>();
        foreach (var (member, role) in ((string, string)[])[("li", "rep"), ("chen", "rep"), ("zhao", "rep"), ("wang", "rep"),
            ("sun", "rep")])
        {
            (await admin.Write("members", new { id = member, role })).Ok();
            people.Add(member, crm.With((await admin.Write("api-keys", new { name = member, member })).Ok()["key"]));
        }

        return people;
    }

    public static async Task<JsonElement> State(this HttpClient http, Guid approval) =>
        (await http.Read($"approvals/{approval}")).Ok().Body;

    public static Task<Reply> Decide(this HttpClient http, Guid approval, string decision) =>
        http.Write($"approvals/{approval}/decision", new { decision });

    public static async Task<IReadOnlyList<string>> Told(this HttpClient http, Reply? after = null) =>
        [.. (await http.Read("alerts", ("Crm-Min-Position", after?.Position))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(alert => alert.GetProperty("kind").GetString()!)];
}
