using System.Text.RegularExpressions;

namespace Crm.Benchmarks;

/// <summary>One who writes leads and moves deals on, in turn, and reads what there is of them.</summary>
/// <param name="name">Nobody else's, so that no idempotency key is anybody else's.</param>
/// <param name="repeatable">Whether each write has an idempotency key.</param>
internal sealed partial class Seller(RawClient client, string name, bool repeatable)
{
    private Guid? deal;
    private int writes;
    private int reads;

    /// <summary>One event more.</summary>
    public async Task Write(CancellationToken ct)
    {
        var i = writes++;
        var header = repeatable ? $"Idempotency-Key: {name}-{i}\r\n" : "";
        var (path, body) = (i % 2, deal) switch
        {
            (0, _) => ("leads", $$"""{"source":"bench","company":"Company {{name}} {{i}}","region":"East","industry":"instruments","campaign":"spring fair","product":"Spectro S5"}"""),
            (_, null) => ("opportunities", $$"""{"name":"Deal {{name}} {{i}}","amount":{"amount":"1000.00","currency":"CNY"},"rep":"{{name}}","region":"East","product":"Spectro S5"}"""),
            (_, { } id) => ($"opportunities/{id}/stage", $$"""{"stage":"{{(i % 4 == 1 ? "Engaging" : "Proposal")}}"}""")
        };
        var (status, _, answer) = await client.Say("POST", $"/api/v1/{path}", body, header, ct);
        MustBeGood(status, answer);

        // A new deal each hundred requests, so that streams stay as long as streams are.
        deal = i % 100 == 99 ? null : i % 2 == 1 && deal is null ? Guid.Parse(Id().Match(answer).Groups[1].Value) : deal;
    }

    /// <summary>The deal, where there is one, and a page of all deals, in turn.</summary>
    public async Task Read(CancellationToken ct)
    {
        var path = reads++ % 2 == 0 && deal is { } id ? $"opportunities/{id}" : "opportunities?limit=10";
        var (status, _, answer) = await client.Say("GET", $"/api/v1/{path}", null, "", ct);
        MustBeGood(status, answer);
    }

    private static void MustBeGood(int status, string answer)
    {
        if (status is < 200 or > 299)
        {
            throw new InvalidOperationException($"{status}: {answer}");
        }
    }

    [GeneratedRegex("\"id\":\"([^\"]+)\"")]
    private static partial Regex Id();
}
