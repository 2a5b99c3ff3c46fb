using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Jobs;
using Crm.Domain;

namespace Crm.Api.Handovers;

/// <summary>Looks after handovers: who may be named, and how far they are.</summary>
internal sealed class HandoverDesk(JobTable jobs, Organisations organisations)
{
    /// <exception cref="Rejection">Somebody who is named is no member, or cannot take over; or it is under way already.</exception>
    public async Task<Job> Ask(Caller by, HandoverRequest request, CancellationToken ct)
    {
        var organisation = await organisations.Of(by.Tenant, ct);
        if (!organisation.Members.ContainsKey(request.Member))
        {
            throw Rejection.Unknown("access.member-unknown", "There is no such member.");
        }

        if (request.To.FirstOrDefault(member => !organisation.Members.ContainsKey(member)) is { } nobody)
        {
            throw Rejection.BrokenRule("access.successor", $"There is no member '{Place.Echo(nobody)}'.", "to");
        }

        if (request.To.Count == 0 || request.To.FirstOrDefault(member => member == request.Member || organisation.Active(member) is null) is not null)
        {
            throw Rejection.BrokenRule("access.successor", "Name at least one active member other than the one who leaves.", "to");
        }

        var wish = JsonSerializer.SerializeToNode(request with { To = [.. request.To.Distinct()] }, AnswerJson.Options)!;
        return await jobs.Ask(by.Tenant, HandoverWork.Name, StreamId.From(by.Tenant, "handover", request.Member), wish, by.Id, ct)
            ?? throw Rejection.WrongState("access.handover-busy", "What this member had is being handed over already; wait for the end of that.");
    }

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Find(Caller by, Guid id, CancellationToken ct) =>
        await jobs.Find(by.Tenant, id, ct) is { Kind: HandoverWork.Name } job ? job : throw Rejection.Unknown("access.handover-unknown", "There is no such handover.");
}
