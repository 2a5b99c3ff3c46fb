using System.Text;
using Crm.Api.Imports;
using Crm.Api.Imports.Files;

namespace Crm.Api.Tests.Imports.Files;

public sealed class EncodingTests
{
    private const string Chinese = "编号,客户名称,金额,备注\n1,华东机械有限公司,100,已经签订合同\n2,上海恒测仪器,200,客户希望下周再谈\n3,北京数据科技,300,等待报价\n";
    private const string German = "nr;firma;ort;notiz\n1;Müller & Söhne;Köln;größer geworden\n2;Jürgen Groß;Düsseldorf;für später\n3;Hafen;Kiel;\n";

    [Theory]
    [InlineData(Chinese, "utf-8", "valid")]
    [InlineData(Chinese, "gb18030", "guessed")]
    [InlineData(Chinese, "utf-16", "zeros")]
    [InlineData(Chinese, "utf-16BE", "zeros")]
    [InlineData(German, "utf-8", "valid")]
    [InlineData(German, "utf-16", "zeros")]
    [InlineData("a,b\n1,2\n", "utf-8", "valid")]
    public void What_nobody_announces_is_found_out(string text, string encoding, string how)
    {
        using var folder = new Folder().With("f.csv", Opened.Bytes(text, encoding));
        var file = (CsvFile)Opened.File(folder, "f.csv");

        (file.Encoding.Name, file.Encoding.How).ShouldBe((encoding, how));
        Opened.Rows(file).ShouldBe(Opened.Rows(text));
    }

    [Fact]
    public void A_western_file_is_read_or_its_encodings_are_named()
    {
        using var folder = new Folder().With("f.csv", Opened.Bytes(German, "windows-1252"));

        Opened.Rows(Opened.File(folder, "f.csv")).ShouldBe(Opened.Rows(German));
    }

    [Fact]
    public void A_mark_counts_more_than_a_name()
    {
        using var folder = new Folder().With("f.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Chinese)]);
        var file = (CsvFile)Opened.File(folder, "f.csv", new TextFormat(Encoding: Encoding.Latin1));

        (file.Encoding.Name, file.Encoding.How).ShouldBe(("utf-16", "mark"));
        file.Columns.Keys.First().ShouldBe("编号");
    }

    [Fact]
    public void What_can_be_several_things_is_asked_for()
    {
        using var folder = new Folder().With("f.csv", "a,b\n1,"u8.ToArray().Append((byte)0xE4).ToArray());

        Should.Throw<ImportProblem>(() => Opened.File(folder, "f.csv")).Message
            .ShouldStartWith("f.csv is not in UTF-8, and its encoding cannot be told for certain; it may be ");
    }

    [Fact]
    public void A_few_broken_bytes_make_broken_rows_and_not_another_encoding()
    {
        using var folder = new Folder().With("f.csv", [.. Encoding.UTF8.GetBytes(Chinese), .. "4,"u8, 0xFF, .. ",5,\n"u8]);

        Opened.Rows(Opened.File(folder, "f.csv"))[^1].ShouldBe("5: 4 | \uFFFD | 5 |  ! bad-text");
    }

    [Fact]
    public void Large_files_are_looked_through_to_their_end()
    {
        var text = string.Concat(Enumerable.Repeat("1,plain text without anything\n", 20_000));
        using var folder = new Folder().With("f.csv", Opened.Bytes("a,b\n" + text + string.Concat(Enumerable.Repeat("2,客户希望下周再谈\n", 20)), "gb18030"));

        ((CsvFile)Opened.File(folder, "f.csv")).Encoding.Name.ShouldBe("gb18030");
    }
}
