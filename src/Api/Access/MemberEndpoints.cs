using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.EventStore.Sealing;

namespace Crm.Api.Access;

/// <summary>Members over HTTP: people and programs, their roles, teams and logins; and what the caller himself may do.</summary>
internal static class MemberEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder app) =>
        app.MapGet("/me", async (Caller by, AccessWrites access, Unsealer unsealer, CancellationToken ct) =>
        {
            var member = (await access.Organisation(by, ct)).Members.GetValueOrDefault(by.Id);
            var (owners, credential) = (by.Sight.Owners, by.Credential!);
            return new MeAnswer(
                by.Tenant, by.Id, await unsealer.Open(by.Tenant, member?.Name?.Sealed, ct), member?.Role, by.Team, by.Rep, by.Zone.Id, by.Rights.Scope,
                [.. by.Rights.Functions], [.. by.Rights.HiddenFields], owners is null ? null : new OwnersAnswer(owners.Reps, owners.Teams),
                new CredentialAnswer(credential.Kind, credential.Id, credential.ExpiresAt));
        }).NeedsIdentity().WithTags("Access").WithName("getMe").WithSummary("Who asks, and what he may do");

    public static void MapMembers(this IEndpointRouteBuilder app)
    {
        var members = app.MapGroup("/members").WithTags("Access");

        members.MapGet("/", async (Caller by, AccessWrites access, Unsealer unsealer, CancellationToken ct) =>
        {
            var organisation = await access.Organisation(by, ct);
            var items = new List<MemberAnswer>();
            foreach (var id in organisation.Members.Keys)
            {
                items.Add(await Answer(organisation, id, by, unsealer, ct));
            }

            return new ListOf<MemberAnswer>(items);
        }).Needs(Functions.MembersRead).WithName("listMembers").WithSummary("The tenant's people and programs");

        members.MapGet("/{id}", async (string id, Caller by, AccessWrites access, Unsealer unsealer, CancellationToken ct) =>
            await Answer(await access.Organisation(by, ct), id, by, unsealer, ct))
            .Needs(Functions.MembersRead).WithName("getMember").WithSummary("One member");

        members.MapPost("/", async (Body<AddMemberRequest> body, Incoming incoming, Sealer sealer, AccessWrites access, CancellationToken ct) =>
        {
            var (r, by) = (body.Value, incoming.By);
            var seal = new Seal(sealer, by.Tenant, person: StreamId.From(by.Tenant, "member", r.Id), isNew: false, ct);
            var command = new AddMember(r.Id, r.Kind, r.Role, await seal.Of(r.Name), r.Team, r.Rep, by.Rights);
            return await access.Send(command, incoming.Call(body, null, 201) with { PersonKeys = seal.Made }, ct, $"/api/v1/members/{r.Id}");
        }).Needs(Functions.MembersManage).Creates().WithName("addMember").WithSummary("Add a person or a program");

        Change<GiveRoleRequest>("role", (id, r, giver) => new GiveRole(id, r.Role, giver), "giveRole", "Give a member another role");
        Change<JoinTeamRequest>("team", (id, r, giver) => new JoinTeam(id, r.Team, giver), "joinTeam", "Put a member into a team, or into none");
        Change<SuspendMemberRequest>("suspension", (id, r, giver) => new SuspendMember(id, r.Reason, giver), "suspendMember", "Shut a member out, at once");
        Change<ReinstateMemberRequest>("reinstatement", (id, _, giver) => new ReinstateMember(id, giver), "reinstateMember", "Let a suspended member in again");
        Change<LoginRequest>("logins", (id, r, giver) => new LinkLogin(id, r.Issuer, r.Subject, giver), "linkLogin", "Say who a member is to an issuer of tokens");
        Change<LoginRequest>("logins/removal", (id, r, giver) => new UnlinkLogin(id, r.Issuer, r.Subject, giver), "unlinkLogin", "Take a login away from a member");

        void Change<TRequest>(string what, Func<string, TRequest, Rights, IAccessCommand> command, string name, string summary) where TRequest : class =>
            members.MapPost($"/{{id}}/{what}", (string id, Body<TRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
                access.Send(command(id, body.Value, incoming.By.Rights), incoming.Call(body, null), ct))
                .Needs(Functions.MembersManage).Changes().WithName(name).WithSummary(summary);
    }

    private static async Task<MemberAnswer> Answer(Organisation organisation, string id, Caller by, Unsealer unsealer, CancellationToken ct) =>
        organisation.Members.GetValueOrDefault(id) is { } member
            ? new MemberAnswer(
                id, member.Kind, await unsealer.Open(by.Tenant, member.Name?.Sealed, ct), member.Role, member.Team, member.Rep, organisation.Suspended.Contains(id),
                [.. organisation.Logins.Where(login => login.Value == id).Select(login => new LoginAnswer(login.Key.Issuer, login.Key.Subject))])
            : throw Rejection.Unknown("access.member-unknown", "There is no such member.");
}
