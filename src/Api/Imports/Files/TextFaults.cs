using Crm.Domain.DataSources;

namespace Crm.Api.Imports.Files;

/// <summary>What no cell of text may hold.</summary>
internal static class TextFaults
{
    /// <param name="encoding">What the file is read in.</param>
    public static RowRemark? Of(string[] values, Headings headings, string encoding)
    {
        foreach (var (i, value) in values.Index())
        {
            var text = value.AsSpan();
            if (text.Length > FileLimits.Cell)
            {
                return new RowRemark("too-long", $"The cell in {headings.NameOf(i)} has {text.Length:N0} characters; {FileLimits.Cell:N0} are the most.");
            }

            if (text.IndexOfAny('\0', '\uFFFD', '\uFEFF') is >= 0 and var at)
            {
                return new RowRemark("bad-text", text[at] switch
                {
                    '\0' => $"A zero byte stands in {headings.NameOf(i)}.",
                    '\uFEFF' => $"A byte order mark stands in {headings.NameOf(i)}, in the middle of the file; were two files put together?",
                    _ => $"In {headings.NameOf(i)} stand bytes that are no text in {encoding}."
                });
            }
        }

        return null;
    }
}
