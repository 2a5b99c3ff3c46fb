using Crm.Api.Http;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Api.CustomFields;

/// <summary>
/// The fields that a tenant's playbook adds to records, as they are in force: what is said of them is held against these.
/// </summary>
public sealed class FieldsInForce(CurrentPlaybook playbooks)
{
    public async Task<RecordFields> Of(string tenant, FieldRecord record, CancellationToken ct) =>
        RecordFields.Of((await playbooks.Of(tenant, ct)).Document, record);

    /// <exception cref="Problem">
    /// 400: a field that there is not, a value that it cannot have, or one that is required and missing.
    /// </exception>
    public async Task<CustomValues?> OfNew(string tenant, FieldRecord record, CustomSaid? said, CancellationToken ct) =>
        OfNew(await Of(tenant, record, ct), said, known: null, isHeldToRequired: true);

    /// <inheritdoc cref="OfNew(string, FieldRecord, CustomSaid?, CancellationToken)"/>
    /// <param name="known">What need not be said.</param>
    /// <param name="isHeldToRequired">Whether what is required has to be said or known.</param>
    public static CustomValues? OfNew(RecordFields fields, CustomSaid? said, CustomValues? known, bool isHeldToRequired) =>
        Right(CustomReading.OfNew(fields, said ?? CustomSaid.Nothing, known, isHeldToRequired)).Values;

    /// <param name="cleared">The members that the request takes away; <c>custom</c> among them takes away all of these fields.</param>
    /// <param name="known">What is known so far.</param>
    /// <returns>What is given, and all members that are taken away.</returns>
    /// <exception cref="Problem">400: as above, or something that is required would be known no more.</exception>
    public async Task<(CustomValues? Given, IReadOnlyList<string> Cleared)> OfChange(
        string tenant, FieldRecord record, CustomSaid? said, IReadOnlyList<string> cleared, CustomValues? known, CancellationToken ct)
    {
        if (said is null && !cleared.Contains(CustomValues.Member))
        {
            return (null, cleared);
        }

        var all = said ?? new CustomSaid((known?.ByKey.Keys ?? []).ToDictionary(key => key, _ => (Domain.Conditions.WrittenValue?)null));
        var reading = Right(CustomReading.OfChange(await Of(tenant, record, ct), all, known));
        return (reading.Values, [.. cleared, .. reading.Cleared]);
    }

    private static CustomReading Right(CustomReading reading) => reading.Faults.Count == 0
        ? reading
        : throw Problem.Invalid(
            [.. reading.Faults.Select(fault => Fault.InBody($"/{CustomValues.Member}/{fault.Key}", fault.Code, fault.Message))]);
}
