namespace Crm.Api.Outside;

/// <summary>What came of one attempt. Nothing that the receiver wrote is kept but its status and when it wants to be asked again.</summary>
/// <param name="Status">Null where none came.</param>
/// <param name="Error">What stood in the way, where no status came: <c>address</c>, <c>connect</c>, <c>tls</c>, <c>timeout</c>,
/// <c>broken-off</c>, <c>internal</c>.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone.</param>
public sealed record Reply(int? Status, string? Error, TimeSpan Took, TimeSpan? RetryAfter = null)
{
    /// <summary>There is nobody at this address any more, by its own word.</summary>
    public const int Gone = 410;

    public bool IsTaken => Status is >= 200 and < 300;
}
