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
        await Engine.Store.Head(CancellationToken.None);
    }

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
