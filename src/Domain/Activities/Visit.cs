namespace Crm.Domain.Activities;

// Stored forever as JSON under these names: add, never rename.

/// <summary>What a touch has beside others that somebody went there for, and what it looked like when it was told. Where he was is sealed
/// and stands beside it; rules and figures know the distance alone.</summary>
/// <param name="Rep">Who went.</param>
/// <param name="Device">The phone that told it.</param>
/// <param name="IsNear">Whether it was made at the customer's address, as far as its position can be trusted.</param>
/// <param name="CustomerId">At whose address it is to have been; null where it was made to nobody who is a customer yet.</param>
/// <param name="DistanceMetres">From the address; null where that, or the position, is not known.</param>
/// <param name="AccuracyMetres">Within how many metres the phone knew its position; null where it did not say.</param>
/// <param name="Doubts">What speaks against it; null where nothing does.</param>
/// <param name="Ticks">Keys of what was ticked off, of the playbook; null for none.</param>
/// <param name="Photos">SHA-256 of the photos that were taken, in lower-case hex, attached before or later; null for none.</param>
public sealed record Visit(
    string Rep, string Device, bool IsNear = false, Guid? CustomerId = null, int? DistanceMetres = null, int? AccuracyMetres = null,
    IReadOnlyList<VisitDoubt>? Doubts = null, IReadOnlyList<string>? Ticks = null, IReadOnlyList<string>? Photos = null);

/// <summary>Something that speaks against a visit.</summary>
/// <param name="Of">What it is.</param>
/// <param name="VisitId">The other visit, by its touch, where there is one that it does not go with.</param>
public sealed record VisitDoubt(VisitDoubtOf Of, Guid? VisitId = null);

/// <summary>
/// It was too far from the address; the position is not known well enough, or not at all; nobody knows the address; he could not have come
/// from, or gone to, another visit so fast; it was told much later; a photo served for another visit before; it has too few photos.
/// </summary>
public enum VisitDoubtOf { TooFar, PoorAccuracy, NoPosition, NoAddress, TooFast, ToldLate, PhotoKnown, PhotosMissing }
