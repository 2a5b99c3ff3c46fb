using Crm.Domain.Conditions;

namespace Crm.Api.CustomFields;

/// <summary>What a request says of the fields that a playbook adds, not held against it yet.</summary>
/// <param name="ByKey">Null where a value is taken away.</param>
public sealed record CustomSaid(IReadOnlyDictionary<string, WrittenValue?> ByKey)
{
    public static readonly CustomSaid Nothing = new(new Dictionary<string, WrittenValue?>());
}
