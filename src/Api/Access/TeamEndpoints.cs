using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Access;

/// <summary>Teams and roles over HTTP.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder app)
    {
        var teams = app.MapGroup("/teams").WithTags("Access");

        teams.MapGet("/", async (Caller by, AccessWrites access, CancellationToken ct) =>
            new ListOf<TeamAnswer>([.. (await access.Organisation(by, ct)).Teams.Select(team => new TeamAnswer(team.Key, team.Value.Name, team.Value.Parent))]))
            .Needs(Functions.MembersRead).WithName("listTeams").WithSummary("The teams, and which is above which");

        teams.MapGet("/{id}", async (string id, Caller by, AccessWrites access, CancellationToken ct) =>
            (await access.Organisation(by, ct)).Teams.GetValueOrDefault(id) is { } team
                ? new TeamAnswer(id, team.Name, team.Parent)
                : throw Rejection.Unknown("access.team-unknown", "There is no such team."))
            .Needs(Functions.MembersRead).WithName("getTeam").WithSummary("One team");

        teams.MapPost("/", (Body<AddTeamRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
            access.Send(new AddTeam(body.Value.Id, body.Value.Name, body.Value.Parent), incoming.Call(body, null, 201), ct, $"/api/v1/teams/{Uri.EscapeDataString(body.Value.Id)}"))
            .Needs(Functions.MembersManage).Creates().WithName("addTeam").WithSummary("Add a team");

        teams.MapPost("/{id}/parent", (string id, Body<MoveTeamRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
            access.Send(new MoveTeam(id, body.Value.Parent), incoming.Call(body, null), ct))
            .Needs(Functions.MembersManage).Changes().WithName("moveTeam").WithSummary("Put a team below another, or at the top");
    }

    public static void MapRoles(this IEndpointRouteBuilder app)
    {
        var roles = app.MapGroup("/roles").WithTags("Access");

        roles.MapGet("/", async (Caller by, AccessWrites access, CancellationToken ct) =>
            new ListOf<RoleAnswer>([.. (await access.Organisation(by, ct)).Roles.Select(role => RoleAnswer.Of(role.Key, role.Value))]))
            .Needs(Functions.MembersRead).WithName("listRoles").WithSummary("The roles that every tenant has, and the tenant's own");

        roles.MapGet("/{id}", async (string id, Caller by, AccessWrites access, CancellationToken ct) =>
            (await access.Organisation(by, ct)).Roles.GetValueOrDefault(id) is { } rights
                ? RoleAnswer.Of(id, rights)
                : throw Rejection.Unknown("access.role-unknown", "There is no such role."))
            .Needs(Functions.MembersRead).WithName("getRole").WithSummary("One role");

        roles.MapPut("/{id}", (string id, Body<DefineRoleRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
        {
            var r = body.Value;
            HideableFields.MustBe(r.HiddenFields ?? []);
            var command = new DefineRole(id, r.Functions, r.Scope, r.HiddenFields ?? [], incoming.By.Rights);
            return access.Put(command, incoming.Call(body, null), known => known.Roles.ContainsKey(id), $"/api/v1/roles/{Uri.EscapeDataString(id)}", ct);
        }).Creates().Needs(Functions.MembersManage).Changes().WithName("defineRole").WithSummary("Define a role of the tenant's own, or define it anew");
    }
}
