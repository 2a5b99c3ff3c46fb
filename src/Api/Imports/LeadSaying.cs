using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>What a row tells about the person of a lead, as it stands there.</summary>
internal sealed record Person(string? Contact, string? Email, string? Phone, string? Message);

/// <summary>What a row says of a lead. What it says of the person is held against what is known, and sealed where it is new.</summary>
internal sealed class LeadSaying(CaptureLead capture, Person person, AssignLead? assign, DateTimeOffset? at) : ISaying
{
    public async Task<Part> Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types, Seal seal)
    {
        var captured = FoldOrder.Of(known, types).Select(fact => fact.Data).OfType<LeadCaptured>().LastOrDefault();
        var whole = capture with
        {
            Contact = await seal.Again(captured?.Contact, person.Contact),
            Email = await seal.Again(captured?.Email, person.Email),
            Phone = await seal.Again(captured?.Phone, person.Phone),
            Message = await seal.Again(captured?.Message, person.Message)
        };
        if (captured is not null && !IsSamePerson(captured, whole))
        {
            throw Rejection.WrongState("lead.captured", "This lead is captured already, with another contact, mail, phone or message.");
        }

        List<Dated<ILeadCommand>> commands = [new(whole, at)];
        if (assign is not null)
        {
            commands.Add(new(assign, at));
        }

        return new Saying<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance, commands).Decide(stream, known, types);
    }

    private static bool IsSamePerson(LeadCaptured known, CaptureLead said) =>
        known.Contact == said.Contact && known.Email == said.Email && known.Phone == said.Phone && known.Message == said.Message;
}
