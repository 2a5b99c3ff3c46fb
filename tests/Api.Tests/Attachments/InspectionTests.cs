using System.Text;
using Crm.Api.Attachments;
using Crm.Api.Http;

namespace Crm.Api.Tests.Attachments;

/// <summary>What a file is, its bytes say; what is dangerous to open is refused.</summary>
public sealed class InspectionTests
{
    public static TheoryData<string, byte[], string> Taken => new()
    {
        { "a.pdf", Attaching.Pdf(), "application/pdf" },
        { "A.PDF", Attaching.Pdf(), "application/pdf" },
        { "a.png", Attaching.Png(8000, 6000), "image/png" },
        { "a.jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 17, 8, 0x10, 0, 0x10, 0], "image/jpeg" },
        { "a.gif", [.. "GIF89a"u8, 0x10, 0, 0x10, 0], "image/gif" },
        { "a.webp", [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0xFF, 3, 0], "image/webp" },
        { "a.heic", [0, 0, 0, 24, .. "ftypheic"u8], "image/heic" },
        { "a.mp3", [.. "ID3"u8, 3, 0], "audio/mpeg" },
        { "a.mp3", [0xFF, 0xFB, 0x90, 0], "audio/mpeg" },
        { "a.aac", [0xFF, 0xF1, 0x50, 0x80], "audio/aac" },
        { "a.m4a", [0, 0, 0, 24, .. "ftypM4A "u8], "audio/mp4" },
        { "a.wav", [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8], "audio/wav" },
        { "a.opus", "OggS"u8.ToArray(), "audio/ogg" },
        { "a.flac", "fLaC"u8.ToArray(), "audio/flac" },
        { "a.amr", "#!AMR\n"u8.ToArray(), "audio/amr" },
        { "a.docx", Attaching.Docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "a.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("会议纪要😀 ", 30_000))), "text/plain" },
        { "a.csv", "a,b\n1,2\n"u8.ToArray(), "text/csv" }
    };

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "a.exe", "MZ\x90"u8.ToArray(), "attachment.type" },
        { "a.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), "attachment.type" },
        { "a.html", "<html>"u8.ToArray(), "attachment.type" },
        { "a.pdf", "<html>"u8.ToArray(), "attachment.type" },
        { "a.html", Attaching.Pdf(), "attachment.extension" },
        { "a.png", Attaching.Pdf(), "attachment.extension" },
        { "a", Attaching.Pdf(), "attachment.extension" },
        { "a.docx.exe", Attaching.Docx(), "attachment.extension" },
        { "a.txt", [0xE4, 0xBC], "attachment.type" },
        { "a.txt", "a\0b"u8.ToArray(), "attachment.type" },
        { "a.txt", [.. Enumerable.Repeat((byte)'a', 70_000), 0xFF], "attachment.type" },
        { "a.zip", Attaching.Zip(("a.txt", [1])), "attachment.type" },
        { "a.docx", Attaching.Docx()[..200], "attachment.damaged" },
        { "a.docx", Attaching.Docx(("../../etc/passwd", [1])), "attachment.packed" },
        { "a.docx", Attaching.Docx(("C:\\x", [1])), "attachment.packed" },
        { "a.docx", Attaching.Docx(("word/vbaProject.bin", [1])), "attachment.macros" },
        { "a.docx", Attaching.Docx(("word/media/zeros.bin", new byte[40 << 20])), "attachment.packed" },
        { "a.docx", Attaching.Docx([.. Enumerable.Range(0, 5001).Select(i => ($"word/{i}", Array.Empty<byte>()))]), "attachment.packed" },
        { "a.docx", Attaching.Docx(("xl/workbook.xml", [1])), "attachment.type" },
        { "a.png", Attaching.Png(65_000, 65_000), "attachment.pixels" },
        { "a.png", Attaching.Png(20_000, 20_000), "attachment.pixels" },
        { "a.jpg", [0xFF, 0xD8, 0xFF, 0xC2, 0, 17, 8, 0xFF, 0xFF, 0xFF, 0xFF], "attachment.pixels" },
        { "a.gif", [.. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF], "attachment.pixels" },
        { "a.gif", [.. "GIF89a"u8, 0x10, 0, 0x10, 0, .. Attaching.Zip(("evil.class", [1]))], "attachment.two-kinds" },
        { "a.pdf", [.. Attaching.Pdf(), .. Attaching.Zip(("a.txt", [1]))], "attachment.two-kinds" }
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task Is_known_by_its_bytes(string name, byte[] file, string mediaType) => (await Inspect(file, name)).MediaType.ShouldBe(mediaType);

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Is_refused(string name, byte[] file, string code) =>
        (await Should.ThrowAsync<Problem>(() => Inspect(file, name))).Code.ShouldBe(code);

    [Fact]
    public async Task Part_of_a_document_that_is_a_link_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in (string[])["[Content_Types].xml", "word/document.xml", "word/link"])
            {
                zip.CreateEntry(name).ExternalAttributes = name == "word/link" ? unchecked((int)0xA1FF0000) : 0;
            }
        }

        (await Should.ThrowAsync<Problem>(() => Inspect(bytes.ToArray(), "a.docx"))).Code.ShouldBe("attachment.packed");
    }

    // Whatever is cut off or changed: an answer, never another exception.
    [Fact]
    public async Task Damage_is_refused_or_does_not_matter()
    {
        var random = new Random(5);
        foreach (var (name, file) in Taken.Select(row => ((string)row[0], (byte[])row[1])))
        {
            for (var i = 0; i < 60; i++)
            {
                byte[] damaged = [.. file[..random.Next(1, file.Length + 1)]];
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                try
                {
                    await Inspect(damaged, name);
                }
                catch (Problem problem)
                {
                    problem.Status.ShouldBe(422);
                }
            }
        }
    }

    [Theory]
    [InlineData("a.pdf", "a.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\王\纪要.pdf", "纪要.pdf")]
    [InlineData("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("..", "")]
    [InlineData(".htaccess", "htaccess")]
    public void Names_are_made_fit_to_be_shown(string sent, string shown) => FileName.Clean(sent).ShouldBe(shown);

    [Fact]
    public void Long_names_keep_their_ending()
    {
        var name = FileName.Clean(new string('纪', 500) + ".pdf");
        name.Length.ShouldBe(200);
        name.ShouldEndWith("….pdf");
    }

    private static async Task<FileType> Inspect(byte[] file, string name) => await Inspection.Of(new MemoryStream(file), name, default);
}
