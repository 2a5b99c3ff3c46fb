using Crm.Domain.Tasks;

namespace Crm.Domain.Tests.Tasks;

public sealed class AlertTests() : Spec<Alert, IAlertCommand, IAlertEvent>(AlertDecider.Instance)
{
    private static readonly AlertCause Cause = new("watch-tasks", Guid.Parse("01920000-0000-7000-8000-000000000041"));
    private static readonly AlertRaised Overdue =
        new("ann", "task-overdue", AlertSeverity.Warning, Cause, Params: new Dictionary<string, string> { ["title"] = "Call them" });

    [Fact]
    public void An_alert_is_raised_once_whatever_is_said_of_it_later()
    {
        Given().When(new RaiseAlert("ann", "task-overdue", AlertSeverity.Warning, Cause, Params: Overdue.Params)).Then(Overdue);
        Given(Overdue).When(new RaiseAlert("bob", "task-overdue", AlertSeverity.Critical, Cause)).ThenNothing();
    }

    [Fact]
    public void What_it_is_told_with_is_short()
    {
        var longer = new Dictionary<string, string> { ["x"] = new('x', 201) };
        var many = Enumerable.Range(0, 21).ToDictionary(i => $"p{i}", i => "x");

        Given().When(new RaiseAlert("ann", "task-overdue", AlertSeverity.Info, Cause, Params: longer))
            .ThenRejected("alert.params", "params");
        Given().When(new RaiseAlert("ann", "task-overdue", AlertSeverity.Info, Cause, Params: many)).ThenRejected("alert.params", "params");
        Given().When(new RaiseAlert("ann", "", AlertSeverity.Info, Cause)).ThenRejected("alert.kind", "kind");
    }

    [Fact]
    public void Whose_it_is_reads_it_and_puts_it_away()
    {
        Given(Overdue).When(new ReadAlert("ann")).Then(new AlertRead());
        Given(Overdue).When(new DismissAlert("ann")).Then(new AlertDismissed());
        Given(Overdue, new AlertRead()).When(new DismissAlert("ann")).Then(new AlertDismissed());
        Given(Overdue, new AlertDismissed()).When(new ReadAlert("ann")).ThenNothing();
    }

    [Fact]
    public void To_anybody_else_there_is_none()
    {
        Given(Overdue).When(new ReadAlert("bob")).ThenRejected("alert.unknown").Kind.ShouldBe(RejectionKind.Unknown);
        Given(Overdue).When(new DismissAlert("bob")).ThenRejected("alert.unknown");
        Given().When(new ReadAlert("ann")).ThenRejected("alert.unknown");
    }
}
