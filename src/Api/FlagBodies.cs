using Crm.Domain;

namespace Crm.Api;

/// <param name="Reason">In a few words, for those who look later.</param>
public sealed record FlagRecordRequest(RecordFlag Flag, string? Reason = null);

public sealed record WithdrawFlagRequest(string? Reason = null);
