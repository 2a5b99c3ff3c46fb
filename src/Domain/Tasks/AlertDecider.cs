namespace Crm.Domain.Tasks;

public interface IAlertCommand;

/// <param name="Kind">1 to 40 characters.</param>
/// <param name="Params">At most 20, each of 200 characters at most.</param>
public sealed record RaiseAlert(
    string To,
    string Kind,
    AlertSeverity Severity,
    AlertCause Cause,
    About? About = null,
    IReadOnlyDictionary<string, string>? Params = null) : IAlertCommand
{
    public const int LongestKind = 40;
    public const int MostParams = 20;
    public const int LongestParam = 200;
}

/// <param name="By">Whose it is; to anybody else there is none.</param>
public sealed record ReadAlert(string By) : IAlertCommand;

/// <inheritdoc cref="ReadAlert"/>
public sealed record DismissAlert(string By) : IAlertCommand;

public static class AlertDecider
{
    public static readonly Decider<Alert, IAlertCommand, IAlertEvent> Instance = new("alert", Alert.None, Decide, Alert.Evolve);

    public static IReadOnlyList<IAlertEvent> Decide(Alert state, IAlertCommand command) => (state, command) switch
    {
        ({ Raised: null }, RaiseAlert c) => [Raise(c)],
        (_, RaiseAlert) => [],                                               // said twice: nothing happens

        ({ Raised: var raised }, ReadAlert c) when raised?.To != c.By => throw Unknown(),
        ({ Raised: var raised }, DismissAlert c) when raised?.To != c.By => throw Unknown(),

        ({ IsRead: false, IsDismissed: false }, ReadAlert) => [new AlertRead()],
        ({ IsDismissed: false }, DismissAlert) => [new AlertDismissed()],
        _ => []
    };

    private static AlertRaised Raise(RaiseAlert c)
    {
        if (c.Kind.Length is 0 or > RaiseAlert.LongestKind)
            throw Rejection.BrokenRule(
                "alert.kind", $"A kind of alert is a key of 1 to {RaiseAlert.LongestKind} characters, such as task-overdue.", "kind");
        if (c.Params?.Count > RaiseAlert.MostParams || c.Params?.Values.Any(value => value.Length > RaiseAlert.LongestParam) == true)
            throw Rejection.BrokenRule(
                "alert.params",
                $"An alert is told with at most {RaiseAlert.MostParams} values of {RaiseAlert.LongestParam} characters.", "params");
        return new AlertRaised(c.To, c.Kind, c.Severity, c.Cause, c.About, c.Params);
    }

    private static Rejection Unknown() => Rejection.Unknown("alert.unknown", "There is no such alert.");
}
