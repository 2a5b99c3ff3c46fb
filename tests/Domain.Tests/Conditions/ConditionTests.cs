using System.Text.Json;
using Crm.Domain.Conditions;

namespace Crm.Domain.Tests.Conditions;

public sealed class ConditionTests
{
    private static readonly Dictionary<string, Field> Fields = new Field[]
    {
        new("name", FieldKind.Text), new("touches", FieldKind.Number), new("amount", FieldKind.Amount), new("openedAt", FieldKind.Instant),
        new("close", FieldKind.Day), new("big", FieldKind.Truth), new("id", FieldKind.Id), new("tags", FieldKind.Texts)
    }.ToDictionary(field => field.Name);

    private static readonly Dictionary<string, object?> Row = new()
    {
        ["name"] = "Große ÖL-Mühle 苏州",
        ["touches"] = 3,
        ["amount"] = 1000.50m,
        ["openedAt"] = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        ["close"] = null,
        ["big"] = true,
        ["id"] = Guid.Parse("0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52"),
        ["tags"] = (IReadOnlyList<string>)["vip", "x,y"]
    };

    [Theory]
    [InlineData("name=\"Große ÖL-Mühle 苏州\"", true)]
    [InlineData("name~苏州", true)]
    [InlineData("name~öl-mÜHLE", true)]
    [InlineData("name~%", false)]
    [InlineData("name~_", false)]
    [InlineData("name^große", true)]
    [InlineData("name^mühle", false)]
    [InlineData("name>G", true)]
    [InlineData("name in (A,\"Große ÖL-Mühle 苏州\")", true)]
    [InlineData("touches=3", true)]
    [InlineData("touches>=2.5, touches<4", true)]
    [InlineData("touches in (1,2)", false)]
    [InlineData("amount=1000.500", true)]
    [InlineData("amount<1000.50", false)]
    [InlineData("amount!=1000.50", false)]
    [InlineData("openedAt>=2026-03-01,openedAt<2026-03-02", true)]
    [InlineData("openedAt>2026-03-01T20:00:00+08:00", false)]
    [InlineData("close=2026-03-01", false)]
    [InlineData("close!=2026-03-01", true)]
    [InlineData("close>2026-03-01", false)]
    [InlineData("close is null", true)]
    [InlineData("close is not null", false)]
    [InlineData("big=true", true)]
    [InlineData("id=0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52", true)]
    [InlineData("tags has vip", true)]
    [InlineData("tags has \"x,y\"", true)]
    [InlineData("tags has vi", false)]
    public void A_condition_in_short_holds_or_not(string text, bool holds) => Text(text).Condition!.Holds(Row.GetValueOrDefault).ShouldBe(holds);

    [Theory]
    [InlineData("""{"all":[]}""", true)]
    [InlineData("""{"any":[]}""", false)]
    [InlineData("""{"not":{"any":[]}}""", true)]
    [InlineData("""{"field":"amount","operator":"gte","value":"1000"}""", true)]
    [InlineData("""{"field":"touches","operator":"in","value":[1,3]}""", true)]
    [InlineData("""{"field":"close","operator":"isNull"}""", true)]
    [InlineData("""{"field":"close","operator":"isNull","value":false}""", false)]
    [InlineData("""{"not":{"field":"close","operator":"lt","value":"2026-01-01"}}""", true)]
    [InlineData("""{"not":{"field":"close","operator":"gte","value":"2026-01-01"}}""", true)]
    [InlineData("""{"all":[{"field":"big","operator":"eq","value":true},{"any":[{"field":"name","operator":"startsWith","value":"x"},{"not":{"field":"tags","operator":"has","value":"no"}}]}]}""", true)]
    public void A_condition_in_json_holds_or_not_and_is_written_as_it_was_read(string json, bool holds)
    {
        var condition = Json(json).Condition!;

        condition.Holds(Row.GetValueOrDefault).ShouldBe(holds);
        var again = ConditionJson.Write(condition).ToJsonString();
        ConditionJson.Write(Json(again).Condition!).ToJsonString().ShouldBe(again);
        Json(again).Condition!.Holds(Row.GetValueOrDefault).ShouldBe(holds);
    }

    [Theory]
    [InlineData("amuont>5", "character 1", ConditionError.UnknownField)]
    [InlineData("amount>5,nmae=x", "character 10", ConditionError.UnknownField)]
    [InlineData("amount>x", "character 8", ConditionError.NotAnAmount)]
    [InlineData("amount>1e400", "character 8", ConditionError.NotAnAmount)]
    [InlineData("amount ~ 5", "character 8", ConditionError.NotOneOf)]
    [InlineData("touches=many", "character 9", ConditionError.WrongType)]
    [InlineData("close=2026-02-31", "character 7", ConditionError.NotADate)]
    [InlineData("openedAt>yesterday", "character 10", ConditionError.NotADate)]
    [InlineData("openedAt>2026-03!", "character 17", ConditionError.BadFilter)]
    [InlineData("openedAt>2026-03-01T10:00:00", "character 10", ConditionError.NotATime)]
    [InlineData("id=7", "character 4", ConditionError.BadId)]
    [InlineData("name=", "character 6", ConditionError.BadFilter)]
    [InlineData("name=\"x", "character 8", ConditionError.BadFilter)]
    [InlineData("name in (x", "character 11", ConditionError.BadFilter)]
    [InlineData("name is x", "character 9", ConditionError.BadFilter)]
    [InlineData("name=a=b", "character 7", ConditionError.BadFilter)]
    [InlineData("name like x", "character 6", ConditionError.BadFilter)]
    [InlineData(",", "character 1", ConditionError.BadFilter)]
    public void What_is_wrong_with_a_short_condition_is_said_with_its_place(string text, string where, ConditionError error)
    {
        var (condition, faults) = Text(text);

        condition.ShouldBeNull();
        (faults[^1].Where, faults[^1].Error).ShouldBe((where, error));
    }

    [Theory]
    [InlineData("[]", "", ConditionError.WrongType)]
    [InlineData("{}", "/operator", ConditionError.Missing)]
    [InlineData("""{"all":{}}""", "/all", ConditionError.WrongType)]
    [InlineData("""{"all":[],"any":[]}""", "", ConditionError.NotTogether)]
    [InlineData("""{"all":[{"feild":"name"}]}""", "/all/0", ConditionError.UnknownMember)]
    [InlineData("""{"all":[{"field":"nmae","operator":"eq","value":"x"}]}""", "/all/0/field", ConditionError.UnknownField)]
    [InlineData("""{"field":"name","operator":"like","value":"x"}""", "/operator", ConditionError.NotOneOf)]
    [InlineData("""{"field":"name","operator":"eq"}""", "/value", ConditionError.Missing)]
    [InlineData("""{"field":"name","operator":"eq","value":null}""", "/value", ConditionError.Missing)]
    [InlineData("""{"field":"name","operator":"eq","value":7}""", "/value", ConditionError.WrongType)]
    [InlineData("""{"field":"name","operator":"eq","value":"a\u0000b"}""", "/value", ConditionError.BadText)]
    [InlineData("""{"field":"name","operator":"eq","value":"\ud800"}""", "/value", ConditionError.BadText)]
    [InlineData("""{"field":"name","operator":"in","value":"x"}""", "/value", ConditionError.WrongType)]
    [InlineData("""{"field":"name","operator":"in","value":[]}""", "/value", ConditionError.Missing)]
    [InlineData("""{"field":"name","operator":"in","value":["x",["y"]]}""", "/value/1", ConditionError.WrongType)]
    [InlineData("""{"field":"amount","operator":"gt","value":5}""", "/value", ConditionError.NotAnAmount)]
    [InlineData("""{"field":"touches","operator":"gt","value":1e400}""", "/value", ConditionError.WrongType)]
    [InlineData("""{"not":{"not":{"not":{"not":{"not":{"not":{"field":"big","operator":"isNull"}}}}}}}""", "/not/not/not/not/not", ConditionError.TooDeep)]
    public void What_is_wrong_with_a_condition_in_json_is_said_with_its_place(string json, string where, ConditionError error)
    {
        var (condition, faults) = Json(json);

        condition.ShouldBeNull();
        (faults[^1].Where, faults[^1].Error).ShouldBe((where, error));
    }

    [Fact]
    public void There_is_room_for_fifty_conditions_and_a_hundred_values()
    {
        Text(string.Join(',', Enumerable.Repeat("touches=1", 50))).Condition.ShouldNotBeNull();
        Text(string.Join(',', Enumerable.Repeat("touches=1", 51))).Faults.Single().Error.ShouldBe(ConditionError.TooMany);
        Text($"touches in ({string.Join(',', Enumerable.Repeat(1, 100))})").Condition.ShouldNotBeNull();
        Text($"touches in ({string.Join(',', Enumerable.Repeat(1, 101))})").Faults.Single().Error.ShouldBe(ConditionError.TooMany);
        Json($$"""{"all":[{{string.Join(',', Enumerable.Repeat("{\"any\":[]}", 100_000))}}]}""").Faults.Single().Error.ShouldBe(ConditionError.TooMany);
    }

    [Fact]
    public void A_letter_has_one_small_letter_whatever_the_locale()
    {
        CaseFolding.Fold("ÄÖÜ ŻÓŁĆ ΑΣΩ ЖЩЯ ＡＢ İI ß 苏州").ShouldBe("äöü żółć ασω жщя ａｂ İi ß 苏州");
        CaseFolding.Large.Length.ShouldBe(CaseFolding.Small.Length);
        CaseFolding.NeedsPairs("mühle").ShouldBeTrue();
        CaseFolding.NeedsPairs("acme 苏州").ShouldBeFalse();
    }

    private static (Condition? Condition, IReadOnlyList<ConditionFault> Faults) Text(string text)
    {
        var reading = Reading();
        return (ConditionText.Read(text, reading), reading.Faults);
    }

    private static (Condition? Condition, IReadOnlyList<ConditionFault> Faults) Json(string json)
    {
        var reading = Reading();
        using var document = JsonDocument.Parse(json);
        return (ConditionJson.Read(document.RootElement, reading), reading.Faults);
    }

    private static ConditionReading Reading() => new(new Vocabulary(Fields, day => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)));
}
