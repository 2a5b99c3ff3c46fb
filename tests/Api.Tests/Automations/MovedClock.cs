using System.Globalization;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Automations;

/// <summary>The program over a store whose clock is moved forward by tests: days go by in an instant.</summary>
public class MovedClock : CrmServer
{
    private TimeSpan ahead;

    /// <summary>Lets time go by, for the store and for all who go by its clock.</summary>
    public async Task Move(TimeSpan by)
    {
        await MoveUnnoticed(by);
        for (var right = 0; right < 5; right = IsRight ? right + 1 : 0)
        {
            await Engine.Store.Head(CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    // Who had asked before the clock was moved may tell of it afterwards.
    private bool IsRight => (Engine.Store.Clock.GetUtcNow() - DateTimeOffset.UtcNow - ahead).Duration() < TimeSpan.FromSeconds(1);

    /// <summary>Lets time go by until a moment that is still to come.</summary>
    public Task MoveTo(DateTimeOffset moment) => Move(moment - DateTimeOffset.UtcNow - ahead);

    /// <summary>Lets time go by for the store; who goes by its clock has to learn of it.</summary>
    public Task MoveUnnoticed(TimeSpan by)
    {
        ahead += by;
        return Sql($"""
            create or replace function crm.clock() returns timestamptz language sql volatile as
            'select clock_timestamp() + interval ''{ahead.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds'''
            """);
    }
}
