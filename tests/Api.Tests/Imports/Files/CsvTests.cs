using Crm.Api.Imports;
using Crm.Api.Imports.Files;

namespace Crm.Api.Tests.Imports.Files;

public sealed class CsvTests
{
    [Fact]
    public void A_quote_that_is_not_closed_costs_its_own_line_and_no_other() =>
        Opened.Rows("""
            id,name,city
            1,"Acme, Inc.",Bonn
            2,"Bolt,Kiel
            3,"Cord, Ltd.",Rom
            4,Dorn,Ulm
            5,"Erb",Jena
            """).ShouldBe(["2: 1 | Acme, Inc. | Bonn", "3: 2 | Bolt,Kiel ! bad-quotes", "4: 3 | Cord, Ltd. | Rom", "5: 4 | Dorn | Ulm", "6: 5 | Erb | Jena"]);

    [Fact]
    public void So_does_one_after_which_no_other_quote_comes() =>
        Opened.Rows("id,name,city\n1,\"Acme,Bonn\n2,Bolt,Kiel\n3,Cord,Rom").ShouldBe(["2: 1 | Acme,Bonn ! bad-quotes", "3: 2 | Bolt | Kiel", "4: 3 | Cord | Rom"]);

    [Fact]
    public void A_cell_may_have_lines_of_its_own() =>
        Opened.Rows("id,note,city\n1,\"two\nlines, with a comma\n\nand \"\"quotes\"\"\",Bonn\n2,,Kiel")
            .ShouldBe(["2: 1 | two\nlines, with a comma\n\nand \"quotes\" | Bonn", "6: 2 |  | Kiel"]);

    [Fact]
    public void Where_rows_may_lie_within_a_cell_none_is_believed() =>
        Opened.Rows("id,name,city\n1,\"Acme,Bonn\n2,Bolt,Kiel\n3,Cord\",Rom\n4,Dorn,Ulm")
            .ShouldBe(["2: 1 | Acme,Bonn\n2,Bolt,Kiel\n3,Cord | Rom ! bad-quotes", "3: 2,Bolt,Kiel ! bad-quotes", "5: 4 | Dorn | Ulm"]);

    [Fact]
    public void What_is_wrong_with_a_line_is_told_with_its_number_and_place()
    {
        using var folder = new Folder().With("d.csv", "id,name,city\n1,\"Acme,Bonn\n2,\"Bolt\"x,Kiel\n3,Cord\n4,D\0rn,Ulm\n5,\uFEFFErb,Jena\nid,name,city\n");

        Opened.File(folder, "d.csv").Rows().Select(row => $"{row.Line} {row.Fault!.Reason}: {row.Fault.Message}").ShouldBe([
            "2 bad-quotes: In line 2 a quote is opened in name and not closed where a row can end. Only this line is set aside; the lines after it are read as rows of their own.",
            "3 bad-quotes: Something stands between a closing quote and the next cell; quotes inside quotes are doubled.",
            "4 ragged: The row has 2 cells, and there are 3 headings.",
            "5 bad-text: A zero byte stands in name.",
            "6 bad-text: A byte order mark stands in name, in the middle of the file; were two files put together?",
            "7 headings-again: The row repeats the headings; were two files put together?"]);
    }

    [Theory]
    [InlineData("id;name\n1;\"a,b,c\"\n2;x,y\n", ';')]
    [InlineData("id\tname\n1\ta,b\n", '\t')]
    [InlineData("id|name|x\n1|a,b|2\n", '|')]
    [InlineData("id,name\n1,a;b;c\n", ',')]
    [InlineData("id\n1\n2\n", ',')]
    [InlineData("name;amount\nx;1,5\ny;2,5\n", ';')]
    public void The_delimiter_is_found_out(string text, char delimiter)
    {
        using var folder = new Folder().With("d.csv", text);

        ((CsvFile)Opened.File(folder, "d.csv")).Delimiter.ShouldBe(delimiter);
    }

    [Fact]
    public void Lines_end_in_three_ways_and_each_counts_once()
    {
        using var folder = new Folder().With("d.csv", "id,name\r\n1,a\n2,b\r3,c\r\n");
        var file = (CsvFile)Opened.File(folder, "d.csv");

        Opened.Rows(file).ShouldBe(["2: 1 | a", "3: 2 | b", "4: 3 | c"]);
        file.Ends.ShouldBe(new LineEnds(Crlf: 2, Lf: 1, Cr: 1));
    }

    [Fact]
    public void What_an_export_put_before_a_formula_is_taken_off_again() =>
        Opened.Rows("id,name,phone\n1,'=1+1,+49 30 1234\n2,''quoted,'-x\n").ShouldBe(["2: 1 | =1+1 | +49 30 1234", "3: 2 | ''quoted | -x"]);

    [Fact]
    public void A_first_line_may_name_the_delimiter() => Opened.Rows("sep=;\r\nid;name\r\n1;a,b\r\n").ShouldBe(["3: 1 | a,b"]);

    [Fact]
    public void A_heading_that_comes_twice_is_told_apart_by_its_number()
    {
        using var folder = new Folder().With("d.csv", "id,amount,amount,\n1,2,3,4\n");
        var file = Opened.File(folder, "d.csv");

        file.Columns.Keys.ShouldBe(["id", "amount#1", "amount#2"]);
        file.Rows().Single()["amount#2"].ShouldBe("3");
    }

    [Fact]
    public void A_million_columns_are_refused_at_once()
    {
        Should.Throw<ImportProblem>(() => Opened.Rows(string.Join(',', Enumerable.Range(0, 1_000_000)) + "\n1\n", "d.csv"))
            .Message.ShouldStartWith("d.csv names far more columns in its first line; 2,000 are the most.");
        Should.Throw<ImportProblem>(() => Opened.Rows(string.Join(',', Enumerable.Range(0, 2_001)) + "\n1\n", "d.csv"))
            .Message.ShouldStartWith("d.csv names 2,001 columns in its first line; 2,000 are the most.");
    }

    [Fact]
    public void A_line_or_a_cell_that_is_too_long_is_one_row()
    {
        var rows = Opened.Rows($"id,name\n1,{new string('x', (1 << 20) + 1)}\n2,{new string('y', (1 << 17) + 1)}\n3,b\n");

        rows[..2].ShouldAllBe(row => row.EndsWith(" ! too-long"));
        rows[2].ShouldBe("4: 3 | b");
    }

    [Fact]
    public void Quotes_opened_in_every_line_do_not_make_it_slow()
    {
        var rows = Opened.Rows("id,name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},\"x{(i % 3 == 0 ? "\"\"" : "")}\n")));

        rows.Count.ShouldBe(50_000);
    }
}
