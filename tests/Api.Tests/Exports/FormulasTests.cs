using Crm.Api.Exports;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Api.Tests.Exports;

/// <summary>What a spreadsheet would run is made text, nothing else is touched, and a reader gets back what was there.</summary>
public sealed class FormulasTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+SUM(A1)")]
    [InlineData("-2+3")]
    [InlineData("-SUM(A1)")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\rtext")]
    [InlineData("\ntext")]
    [InlineData("\0text")]
    [InlineData("  =1")]
    [InlineData("\u00A0=1")]
    [InlineData("\u3000=1")]
    [InlineData("\uFEFF=1")]
    [InlineData("\u200B=1")]
    [InlineData("＝1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠x")]
    [InlineData("'=1")]
    [InlineData("''  @x")]
    [InlineData("+49 30 1;=1")]
    [InlineData("-")]
    [InlineData("+49 (30) 12345")]
    [InlineData("-12.50\n=1")]
    public void What_would_be_run_becomes_text(string cell)
    {
        Formulas.Guard(cell).ShouldBe("'" + cell);
        Formulas.Strip("'" + cell).ShouldBe(cell);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lathe line")]
    [InlineData("苏州恒测")]
    [InlineData("a=1")]
    [InlineData("x@example.com")]
    [InlineData("-12.50")]
    [InlineData("-1,054.00")]
    [InlineData("+12.5")]
    [InlineData(" -7")]
    [InlineData("+4930123456")]
    [InlineData("+49 30 123-456")]
    [InlineData("'")]
    [InlineData("'quoted'")]
    [InlineData("2026-04-02T06:00:00Z")]
    public void Anything_else_stays_as_it_is(string cell)
    {
        Formulas.Guard(cell).ShouldBe(cell);
        Formulas.Strip(cell).ShouldBe(cell);
    }

    [Fact]
    public void Whatever_stands_in_a_cell_comes_back()
    {
        var letters = Gen.Elements("=+-@\t\r\n\0＝＋－＠' \u00A0\u200B;,\"09.aあ".ToCharArray());
        var cells = Gen.Choose(0, 8).SelectMany(length => Gen.ArrayOf(letters, length)).Select(cell => new string(cell));

        Prop.ForAll(Arb.From(cells), cell => Formulas.Strip(Formulas.Guard(cell)) == cell).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void A_guarded_cell_begins_with_nothing_that_is_run()
    {
        var letters = Gen.Elements("=+-@\t\r\n\0＝＋－＠' \u200B1a".ToCharArray());
        var cells = Gen.Choose(0, 6).SelectMany(length => Gen.ArrayOf(letters, length)).Select(cell => new string(cell));

        Prop.ForAll(Arb.From(cells), cell => Formulas.Guard(cell).TrimStart(' ', '\u200B') is "" or ['\'' or '1' or 'a', ..] || IsNumber(cell))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

        static bool IsNumber(string cell) => cell.Trim(' ', '\u200B') is ['+' or '-', .. var rest] && rest.All(c => c is '1' or ' ' or '-');
    }
}
