using System.Text;

namespace Crm.Api.Imports.Files;

/// <summary>What a mapping says of its text files; null is found out from the file.</summary>
/// <param name="Delimiter">What stands between two cells.</param>
/// <param name="Encoding">Of files without a byte order mark.</param>
internal sealed record TextFormat(char? Delimiter = null, Encoding? Encoding = null);
