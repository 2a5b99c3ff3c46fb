using System.Text;
using Crm.Api.Imports;

namespace Crm.Api.Tests.Imports.Files;

public sealed class XlsxTests
{
    private static readonly string Headings = Workbook.Row(2, Workbook.Text("A2", "deal"), Workbook.Text("B2", "amount"), Workbook.Text("C2", "opened"), Workbook.Text("D2", "customer"));

    [Fact]
    public void Cells_are_what_they_are_and_not_what_they_look_like()
    {
        var rows = Headings +
            Workbook.Row(3, Workbook.Number("A3", "10023"), Workbook.Number("B3", "1200.5"), Workbook.Number("C3", "45000", style: 1), Workbook.Shared("D3", 0)) +
            Workbook.Row(6, Workbook.Text("A6", "D-7"), Workbook.Number("B6", "0.30000000000000004"), Workbook.Number("C6", "45000.604166666664", style: 2));

        Read(Workbook.Of([("Deals", rows)], ["Hafen AG"])).ShouldBe(["3: 10023 | 1200.5 | 2023-03-15 | Hafen AG", "6: D-7 | 0.3 | 2023-03-15 14:30:00 | "]);
        Read(Workbook.Of([("Deals", rows)], ["Hafen AG"], from1904: true))[0].ShouldBe("3: 10023 | 1200.5 | 2027-03-16 | Hafen AG");
    }

    [Fact]
    public void A_merged_cell_says_the_same_in_all_its_rows()
    {
        var rows = Headings + Workbook.Row(3, Workbook.Text("A3", "1"), Workbook.Text("D3", "Hafen AG")) + Workbook.Row(4, Workbook.Text("A4", "2")) +
            Workbook.Row(5, Workbook.Text("A5", "3"));

        Read(Workbook.Of([("Deals", rows)], after: "<mergeCells count=\"1\"><mergeCell ref=\"D3:D4\"/></mergeCells>"))
            .ShouldBe(["3: 1 |  |  | Hafen AG", "4: 2 |  |  | Hafen AG", "5: 3 |  |  | "]);
    }

    [Fact]
    public void A_sheet_is_named_or_the_first()
    {
        var book = Workbook.Of([("Notes", Workbook.Row(1, Workbook.Text("A1", "note"))), ("Deals", Headings + Workbook.Row(3, Workbook.Text("A3", "1")))]);

        Read(book).ShouldBeEmpty();
        Read(book, "Deals").ShouldBe(["3: 1 |  |  | "]);
        Should.Throw<ImportProblem>(() => Read(book, "Dealz")).Message.ShouldBe("book.xlsx has no sheet 'Dealz'; it has: Notes, Deals.");
    }

    [Fact]
    public void A_row_with_cells_beyond_the_headings_is_set_aside() =>
        Read(Workbook.Of([("Deals", Headings + Workbook.Row(3, Workbook.Text("A3", "1"), Workbook.Text("F3", "?")))])).ShouldBe(["3: 1 |  |  |  |  | ? ! ragged"]);

    [Fact]
    public void A_small_file_that_unpacks_into_a_huge_one_is_refused() =>
        Should.Throw<ImportProblem>(() => Read(Workbook.Zip([("xl/workbook.xml", "<workbook/>"u8.ToArray()), ("xl/worksheets/sheet1.xml", new byte[64 << 20])])))
            .Message.ShouldStartWith("book.xlsx unpacks into more than ");

    [Fact]
    public void A_cell_far_to_the_right_is_refused_before_a_row_is_read() =>
        Should.Throw<ImportProblem>(() => Read(Workbook.Of([("Deals", Headings + Workbook.Row(3, Workbook.Text("ZZZZZZ3", "1")))]))).Message.ShouldStartWith("book.xlsx ");

    [Fact]
    public void A_row_far_down_is_no_way_to_keep_a_machine_busy() =>
        Should.Throw<ImportProblem>(() => Read(Workbook.Of([("Deals", Headings + Workbook.Row(2_000_000_000, Workbook.Text("A2000000000", "1")))])))
            .Message.ShouldStartWith("book.xlsx ");

    [Theory]
    [InlineData("<row r=\"3\"><c r=\"A3\" t=\"s\"><v>99</v></c></row>")]
    [InlineData("<row r=\"3\"><c r=\"A3\"><v>1</v></row>")]
    public void A_damaged_workbook_is_told(string row)
    {
        try
        {
            Read(Workbook.Of([("Deals", Headings + row)])).Count.ShouldBeLessThan(2);
        }
        catch (ImportProblem problem)
        {
            problem.Message.ShouldStartWith("book.xlsx is a damaged workbook (");
        }
    }

    [Fact]
    public void Other_files_are_named_as_what_they_are()
    {
        Message(Workbook.Zip([("readme.txt", "hello"u8.ToArray())])).ShouldBe("book.xlsx is a packed file and no workbook; unpack it first.");
        Message([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).ShouldBe("book.xlsx is a workbook of the old kind (.xls); save it as .xlsx or CSV.");
        Message(Encoding.ASCII.GetBytes("%PDF-1.7")).ShouldBe("book.xlsx is a PDF and no table; export CSV, XLSX or NDJSON.");
        Message([0x1F, 0x8B, 8, 0]).ShouldBe("book.xlsx is packed; unpack it first.");
        Message([0x50, 0x4B, 0x03, 0x04, 0, 0]).ShouldBe("book.xlsx begins as a workbook and is damaged; open it in its program and save it again.");

        static string Message(byte[] bytes) => Should.Throw<ImportProblem>(() => Read(bytes)).Message;
    }

    private static List<string> Read(byte[] book, string? sheet = null)
    {
        using var folder = new Folder().With("book.xlsx", book);
        return Opened.Rows(Opened.File(folder, "book.xlsx", sheet: sheet));
    }
}
