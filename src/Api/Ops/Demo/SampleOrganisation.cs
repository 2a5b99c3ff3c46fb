using Crm.Api.Access;
using Crm.Domain.Access;

namespace Crm.Api.Ops.Demo;

/// <summary>The people of the sample company, so that one can look at it through their eyes: reps in teams, teams in regions, a manager each, an analyst.</summary>
internal sealed class SampleOrganisation(Engine engine, Caller by)
{
    public const string Analyst = "analyst.zhang";

    /// <summary>Makes those who are not there yet, and leaves the others as they have become.</summary>
    public async Task Fill(CancellationToken ct)
    {
        var there = await engine.Organisations.Of(by.Tenant, ct);
        if (there.Tenant is null)
        {
            await Send(new AddTenant("Sample company", engine.Settings.Zone), ct);
        }

        foreach (var command in Everybody().Where(command => !IsThere(there, command)))
        {
            await Send(command, ct);
        }
    }

    public static string ManagerOf(string region) => $"manager.{region.ToLowerInvariant()}";

    private IEnumerable<IAccessCommand> Everybody() =>
    [
        Add(Analyst, "analyst", team: null),
        .. SalesForce.Regions.SelectMany(region => (IAccessCommand[])[new AddTeam(region.Team, region.Team), Add(ManagerOf(region.Region), "manager", region.Team)]),
        .. SalesForce.Teams().SelectMany(team => team.Reps.Select(rep => (IAccessCommand)Add(rep, "rep", team.Team)).Prepend(new AddTeam(team.Team, team.Team, team.Region)))
    ];

    private static bool IsThere(Organisation there, IAccessCommand command) => command switch
    {
        AddTeam team => there.Teams.ContainsKey(team.Team),
        AddMember member => there.Members.ContainsKey(member.Member),
        _ => false
    };

    private AddMember Add(string member, string role, string? team) => new(member, MemberKind.Person, role, Name: null, team, Rep: null, by.Rights);

    private Task Send(IAccessCommand command, CancellationToken ct) => engine.Commands.Send(
        AccessDecider.Instance, Organisations.StreamOf(by.Tenant), command, new Call(by, OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "sample"), ct);
}
