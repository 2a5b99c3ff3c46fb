using System.IO.Compression;
using System.Text;

namespace Crm.Api.Tests.Imports.Files;

/// <summary>A workbook with what its sheets' XML says and no more.</summary>
internal static class Workbook
{
    /// <param name="sheets">Names, and rows as XML.</param>
    /// <param name="after">What follows a sheet's rows, such as its merged cells.</param>
    public static byte[] Of((string Name, string Rows)[] sheets, string[]? texts = null, bool from1904 = false, string after = "")
    {
        List<(string Name, string Xml)> parts =
        [
            ("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""),
            ("xl/workbook.xml", $"""
                <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
                <workbookPr{(from1904 ? " date1904=\"1\"" : "")}/>
                <sheets>{string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>"))}</sheets></workbook>
                """),
            ("xl/_rels/workbook.xml.rels", $"""
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                {string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))}
                <Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
                <Relationship Id="rIdT" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
                </Relationships>
                """),
            ("xl/styles.xml", """
                <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts>
                <cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>
                """),
            ("xl/sharedStrings.xml", $"""
                <sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{string.Concat((texts ?? []).Select(text => $"<si><t xml:space=\"preserve\">{text}</t></si>"))}</sst>
                """),
            .. sheets.Select((sheet, i) => ($"xl/worksheets/sheet{i + 1}.xml", $"""
                <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet.Rows}</sheetData>{after}</worksheet>
                """))
        ];
        return Zip([.. parts.Select(part => (part.Name, Encoding.UTF8.GetBytes(part.Xml)))]);
    }

    public static byte[] Zip((string Name, byte[] Bytes)[] parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                part.Write(content);
            }
        }

        return bytes.ToArray();
    }

    public static string Row(int number, params string[] cells) => $"<row r=\"{number}\">{string.Concat(cells)}</row>";

    public static string Text(string at, string text) => $"<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>";

    public static string Shared(string at, int index) => $"<c r=\"{at}\" t=\"s\"><v>{index}</v></c>";

    /// <param name="style">1 shows a day, 2 a day and a time.</param>
    public static string Number(string at, string number, int style = 0) => $"<c r=\"{at}\" s=\"{style}\"><v>{number}</v></c>";
}
