using System.IO.Compression;
using System.Net.Http.Headers;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Attachments;

/// <summary>Words for attaching files, and files to attach.</summary>
internal static class Attaching
{
    /// <param name="record">Such as <c>leads/{id}</c>.</param>
    public static async Task<Reply> Attach(this HttpClient http, string record, string name, byte[] file, params IReadOnlyList<(string Name, string Value)> fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields.Where(field => !field.Name.Contains('-')))
        {
            form.Add(new StringContent(value), field);
        }

        var part = new ByteArrayContent(file);
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileName = "file", FileNameStar = name };
        form.Add(part);
        return await http.Send(record, form, [.. fields.Where(field => field.Name.Contains('-'))]);
    }

    public static Task<Reply> Send(this HttpClient http, string record, HttpContent form, params IReadOnlyList<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{record}/attachments") { Content = form };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        }

        return http.Ask(request);
    }

    public static byte[] Pdf(string text = "hello") => System.Text.Encoding.UTF8.GetBytes($"%PDF-1.7\n% {text}\n%%EOF\n");

    /// <summary>The header of a PNG that says how large it is, and nothing after it.</summary>
    public static byte[] Png(int width, int height) =>
        [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. Big(width), .. Big(height), 8, 2, 0, 0, 0];

    public static byte[] Zip(params IReadOnlyList<(string Name, byte[] Content)> parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A document as far as we look, with these parts besides.</summary>
    public static byte[] Docx(params IReadOnlyList<(string Name, byte[] Content)> more) =>
        Zip([("[Content_Types].xml", "<Types/>"u8.ToArray()), ("word/document.xml", "<document/>"u8.ToArray()), .. more]);

    private static byte[] Big(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
