namespace Crm.Api.Imports;

/// <summary>
/// An import that cannot begin: the mapping or a file is not as it has to be. Nothing was written. The message says where, and what would be right.
/// </summary>
public sealed class ImportProblem(string message) : Exception(message);
