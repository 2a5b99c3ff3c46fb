using Crm.Api.Http;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Api.Tests.Http;

public sealed class FuzzTests(Toy toy) : IClassFixture<Toy>
{
    private static readonly string[] Scraps =
    [
        "null", "true", "0", "-0", "1e999", "-7.50", "99999999999999999999", "\"\"", "\" \"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"",
        "\"2026-02-31\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"1054.00\"", "\"USD\"", "\"-\"", "\".\"", "\"٣\"",
        "[]", "{}", "[[[]]]",
        "{\"amount\":\"1\"}", "[null]", "[{}]", "{", "]", "", "\"\u2028\"", "{\"\":1}",
        """{"amount":"1","currency":"USD"}""", """{"amount":"-0","currency":"JPY"}""", """{"city":"x","city":"y"}"""
    ];

    private static readonly Gen<string> Json = Gen.Sized(Value);

    [Fact]
    public void No_json_whatever_gives_a_server_error() =>
        Prop.ForAll(Arb.From(Json), json => IsAnswered(json).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_member_of_an_enquiry_whatever_gives_a_server_error() =>
        Prop.ForAll(
                Arb.From(Gen.Elements(Requests.Good.Keys.Concat(["note", "discount", "branches", "before", "rate"]))), Arb.From(Json),
                (member, json) => IsAnswered(Requests.Enquiry((member, json))).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_text_whatever_gives_a_server_error() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => IsAnswered(text ?? "").GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private async Task<bool> IsAnswered(string body)
    {
        var response = await toy.Http.Send(body);
        if (response.IsSuccessStatusCode) return true;

        var refusal = await Refusal.Of(response);
        return refusal.Status is 400 && Code.All.Contains(refusal.Code) && refusal.Errors.All(e => Code.All.Contains(e.Code));
    }

    private static Gen<string> Value(int size)
    {
        var scrap = Gen.Elements(Scraps);
        if (size <= 1) return scrap;

        var name = Gen.Elements(Requests.Good.Keys.Concat(["", "x", "a/b", "currency", "city", "\\ud800", "nmae"]));
        var inner = Value(size / 3);
        var member = from n in name from v in inner select $"\"{n}\":{v}";
        return Gen.OneOf(
            scrap,
            inner.ListOf().Select(items => $"[{string.Join(",", items.Take(6))}]"),
            member.ListOf().Select(members => $"{{{string.Join(",", members.Take(12))}}}"));
    }
}
