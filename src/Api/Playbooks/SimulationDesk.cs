using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Playbooks;
using Crm.EventModel;

namespace Crm.Api.Playbooks;

/// <summary>What is to be tried on history, in the form of events: it is read again by whichever node does the work.</summary>
internal sealed record SimulationRequest(PlaybookDocument Document, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Looks after playbooks that are tried on what has happened.</summary>
internal sealed class SimulationDesk(JobTable jobs, CurrentPlaybook playbooks)
{
    /// <exception cref="Rejection">The document has faults, there is none, or another is being tried.</exception>
    public async Task<Job> Ask(Caller by, SimulatePlaybookRequest request, CancellationToken ct)
    {
        var document = request.Document ?? (await playbooks.History(by.Tenant, ct)).Draft ?? throw Rejection.WrongState("playbook.no-draft", "There is no draft to try; save one, or send a document.");
        if (PlaybookCheck.Of(document, Zones.Tzdb, TemplateLanguage.Handlebars) is { Count: > 0 } faults)
        {
            var place = request.Document is null ? "" : "/document";
            throw Rejection.BrokenRules("playbook.faulty", "This playbook cannot be tried as it is.", [.. faults.Select(fault => new RuleFault($"{place}{fault.Pointer}", fault.Code, fault.Message))]);
        }

        var now = playbooks.Clock.GetUtcNow();
        var wish = JsonSerializer.SerializeToNode(new SimulationRequest(document, now.AddDays(-request.Days), now), EventTypes.Json)!;
        return await jobs.Ask(by.Tenant, SimulationWork.Name, StreamId.From(by.Tenant, "playbook", "simulation"), wish, by.Id, ct)
            ?? throw Rejection.WrongState("playbook.simulation-busy", "A playbook is being tried already; wait for the end of that, or cancel it.");
    }

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Find(Caller by, Guid id, CancellationToken ct) =>
        await jobs.Find(by.Tenant, id, ct) is { Kind: SimulationWork.Name } job ? job : throw Rejection.Unknown("playbook.simulation-unknown", "There is no such simulation.");

    public async Task<Job> Cancel(Caller by, Guid id, CancellationToken ct)
    {
        await Find(by, id, ct);
        await jobs.Cancel(by.Tenant, id, ct);
        return await Find(by, id, ct);
    }
}
