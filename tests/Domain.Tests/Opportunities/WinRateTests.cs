using Crm.Domain.Opportunities;

namespace Crm.Domain.Tests.Opportunities;

public sealed class WinRateTests
{
    [Fact]
    public void All_three_divide_by_those_that_were_decided()
    {
        var clean = new WinRate(Signed: 383, Paid: 305, Delivered: 290, Lost: 380);

        clean.Closed.ShouldBe(763);
        (clean.Of(WonState.Signed), clean.Of(WonState.Paid), clean.Of(WonState.Delivered)).ShouldBe((0.5020m, 0.3997m, 0.3801m));
        new WinRate(620, 0, 0, 380).Of(WonState.Signed).ShouldBe(0.62m);
    }

    [Fact]
    public void Where_nothing_was_decided_there_is_no_rate() => new WinRate(0, 0, 0, 0).Of(WonState.Signed).ShouldBeNull();
}
