using System.CommandLine;

namespace Crm.Api.Ops;

/// <summary>Brings a company's files in, by a mapping.</summary>
public static class ImportVerb
{
    public static Command Make() => new("import", "Bring a company's files in, by a mapping.");
}
