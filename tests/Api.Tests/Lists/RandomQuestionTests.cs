using System.Text.Json;
using Crm.Api.Opportunities;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Api.Tests.Lists;

/// <summary>Whatever is asked of the list, in whatever order, PostgreSQL finds what the conditions find in memory.</summary>
public sealed class RandomQuestionTests(RandomDeals deals) : IClassFixture<RandomDeals>
{
    // What may be asked for, and values that some deal has or nearly has.
    private static readonly (string Field, string[] Values)[] Fields =
    [
        ("name", ["Deal 1", "deal", "1", "苏州", "ÖL", "öl", "_", "%", "\\", "Ω", "\uFFFD\U0001F600", "\uE000"]), ("rep", ["An", "an", "Bo", "Chen", "Zoe"]),
        ("region", ["East", "West", "e"]), ("currency", ["USD", "JPY"]), ("touches", ["0", "1", "1.5", "-1"]),
        ("amount", ["1", "1.00", "50", "50.5", "99.99", "1000000000000"]), ("openedAt", ["2020-01-05", "2020-01-05T00:00:00Z", "2020-01-20T12:00:00+08:00"]),
        ("closedAt", ["2020-02-01", "2020-03-01T00:00:00.000001Z"]), ("expectedClose", ["2020-05-01", "2020-12-31"]), ("tags", ["hot", "new", "x"]),
        ("id", ["0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52"])
    ];

    private static readonly IReadOnlyDictionary<string, Field> Known = OpportunityAnswer.List.Fields.ToDictionary(f => f.Key, f => f.Value.Field);

    private static readonly Gen<Condition> Tests =
        from field in Gen.Elements(Fields)
        from op in Gen.Elements<Operator>([.. Known[field.Field].Kind.Operators()])
        from values in Gen.ArrayOf(Gen.Elements(field.Values), op == Operator.In ? 3 : 1)
        from isNull in Gen.Elements(true, false)
        select (Condition)new Condition.Test(Known[field.Field], op, op == Operator.IsNull ? [isNull] : [.. values.Select(v => Value(Known[field.Field], v))]);

    private static readonly Gen<string> Sorts =
        from fields in Gen.SubListOf(Known.Values.Where(f => f.Kind != FieldKind.Texts).Select(f => f.Name))
        from signs in Gen.ArrayOf(Gen.Elements("", "-"), 4)
        from shuffled in Gen.Shuffle(fields.ToArray())
        select string.Join(',', shuffled.Take(4).Select((field, i) => signs[i] + field));

    [Fact]
    public void What_is_found_and_in_which_order_is_the_same_in_the_database_and_in_memory() =>
        Prop.ForAll(Arb.From(Conditions(3)), Arb.From(Sorts), Arb.From(Gen.Choose(1, 60)), (where, sort, limit) => IsTheSame(where, sort, limit).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static Gen<Condition> Conditions(int depth) => depth == 0 ? Tests : Gen.Frequency<Condition>(
        (3, Tests),
        (2, Parts(depth).Select(parts => (Condition)new Condition.All(parts))),
        (2, Parts(depth).Select(parts => (Condition)new Condition.Any(parts))),
        (2, Conditions(depth - 1).Select(part => (Condition)new Condition.Not(part))));

    private static Gen<Condition[]> Parts(int depth) => Gen.Choose(0, 3).SelectMany(count => Gen.ArrayOf(Conditions(depth - 1), count));

    private async Task<bool> IsTheSame(Condition where, string sort, int limit)
    {
        var filter = ConditionJson.Write(where).ToJsonString();
        var path = $"opportunities?limit={limit}&filter={Listed.Escape(filter)}{(sort is "" ? "" : $"&sort={sort}")}";
        var found = (await deals.Http.Pages(path, deals.Position)).SelectMany(page => page.Ids()).ToList();

        var wanted = deals.All.Where(deal => where.Holds(deal.GetValueOrDefault)).ToList();
        wanted.Sort((one, other) => Compare(sort is "" ? "-openedAt" : sort, one, other));
        found.ShouldBe(wanted.Select(deal => deal["id"]!.ToString()), $"{sort} {filter}");
        return true;
    }

    private static int Compare(string sort, Dictionary<string, object?> one, Dictionary<string, object?> other)
    {
        var keys = sort.Split(',').Select(word => (Field: word.TrimStart('-'), Descending: word.StartsWith('-'))).ToList();
        keys.Add(("id", keys[^1].Descending));
        return keys.Select(key => (one[key.Field], other[key.Field]) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            var (a, b) => Comparison.Compare(a!, b!) * (key.Descending ? -1 : 1)
        }).FirstOrDefault(order => order != 0);
    }

    private static object Value(Field field, string text) =>
        Operand.Read(field, new WrittenValue(text, WrittenForm.Word), day => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)).Value ?? throw new FormatException(text);
}

/// <summary>A hundred opportunities with a random history, and every one of them as an answer shows it.</summary>
public sealed class RandomDeals : IAsyncLifetime
{
    private readonly CrmServer crm = new();

    public HttpClient Http => crm.Http;

    public string? Position { get; private set; }

    public IReadOnlyList<Dictionary<string, object?>> All { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await crm.InitializeAsync();
        var random = new Random(20261122);
        var history = new RandomHistory(Http, random);
        await history.Open(60);
        await history.GoOn(150);
        foreach (var name in (string[])["苏州 50%", "Ölmühle", "ÖL_", "ΩMEGA", "a\\b", "\U0001F600", "\uFFFD\U0001F600", "\uE000x"])
        {
            Position = (await Http.Open(new { name, rep = name[..1], region = "East", tags = new[] { "hot", "new" }, occurredAt = "2020-01-05T00:00:00Z" })).Position;
        }

        var pages = await Http.Pages("opportunities?limit=200", Position);
        All = [.. pages.SelectMany(page => page.Body.GetProperty("items").EnumerateArray()).Select(Row)];
        All.Count.ShouldBe(68);
    }

    public Task DisposeAsync() => crm.DisposeAsync();

    private static Dictionary<string, object?> Row(JsonElement item) => OpportunityAnswer.List.Fields.Values.ToDictionary(
        field => field.Name, field => Value(field.Field, field.Member == "amount" ? item.GetProperty("amount").GetProperty(field.Name) : item.GetProperty(field.Name)));

    private static object? Value(Field field, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => json.EnumerateArray().Select(text => text.GetString()!).ToArray(),
        _ when field.Kind == FieldKind.Text => json.GetString(),
        _ => Operand.Read(field, new WrittenValue(json.ToString(), WrittenForm.Word), _ => default).Value ?? throw new FormatException(json.ToString())
    };
}
