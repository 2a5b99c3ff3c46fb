using Crm.Api.Imports;

namespace Crm.Api.Tests.Imports.Files;

public sealed class NdjsonTests
{
    [Fact]
    public void Members_of_objects_within_are_columns_of_their_own()
    {
        using var folder = new Folder().With("deals.ndjson", """
            {"id": 1, "customer": {"name": "Hafen AG", "at": {"city": "Kiel"}}, "amount": 1200.50, "tags": ["a", "b"]}

            {"id": 2, "won": true, "customer": {"name": null}}
            """);
        var file = Opened.File(folder, "deals.ndjson");

        file.Format.ShouldBe("ndjson");
        file.Columns.Keys.ShouldBe(["id", "customer.name", "customer.at.city", "amount", "tags", "won"]);
        Opened.Rows(file).ShouldBe(["1: 1 | Hafen AG | Kiel | 1200.50 | [\"a\", \"b\"] | ", "3: 2 |  |  |  |  | true"]);
    }

    [Theory]
    [InlineData("{\"id\": 2, \"x\"", "bad-json")]
    [InlineData("[1, 2]", "bad-json")]
    [InlineData("{\"id\": 2} {\"id\": 3}", "bad-json")]
    [InlineData("{\"id\": 2, \"id\": 3}", "bad-json")]
    [InlineData("{\"a\": {\"b\": 1}, \"a.b\": 3}", "bad-json")]
    [InlineData("{\"id\": \"\\ud800\"}", "bad-json")]
    [InlineData("{\"\": 1}", "bad-json")]
    [InlineData("{\"id\": \"\\u0000\"}", "bad-text")]
    public void A_line_that_is_broken_is_one_row_and_the_others_are_read(string line, string reason) =>
        Opened.Rows($"{{\"id\": 1}}\n{line}\n{{\"id\": 4}}", "d.json").Select(row => row.Split(':')[0] + row[Math.Max(row.LastIndexOf(" ! "), row.IndexOf(':'))..].Split(' ')[^1])
            .ShouldBe(["11", $"2{reason}", "34"]);

    [Fact]
    public void A_list_is_told_from_lines()
    {
        Should.Throw<ImportProblem>(() => Opened.Rows("[ {\"id\": 1} ]", "d.json")).Message
            .ShouldBe("d.json is one JSON list; write one object a line (jq -c '.[]' does it).");
        Should.Throw<ImportProblem>(() => Opened.Rows("{\n \"id\": 1\n}", "d.json")).Message
            .ShouldBe("d.json looks like JSON, but no line of it is an object by itself; write one object a line.");
    }

    [Fact]
    public void Objects_with_an_id_for_a_member_are_no_rows() =>
        Should.Throw<ImportProblem>(() => Opened.Rows(string.Join('\n', Enumerable.Range(0, 3_000).Select(i => $"{{\"k{i}\": 1}}")), "d.json"))
            .Message.ShouldStartWith("d.json has more than 2,000 different members");

    [Fact]
    public void A_number_is_one_however_the_mapping_writes_numbers()
    {
        using var folder = new Folder().With("d.ndjson", "{\"n\": 1.5, \"t\": \"1,5\"}");
        var row = Opened.File(folder, "d.ndjson").Rows().Single();

        (row.IsPlain("n"), row.IsPlain("t")).ShouldBe((true, false));
    }
}
