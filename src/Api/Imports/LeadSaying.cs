using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>What a row says of a lead, in normal form. What it says of the person is held against what is known, and sealed where it is new.</summary>
internal sealed class LeadSaying(LeadSaid said, AssignLead? assign, DateTimeOffset? at) : ISaying
{
    public LeadSignature Signature => said.Signature;

    public async Task<Part> Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types, Seal seal)
    {
        var captured = FoldOrder.Of(known, types).Select(fact => fact.Data).OfType<LeadCaptured>().LastOrDefault();
        var capture = await (said with { Contact = null, Email = null, Phone = null, Message = null }).Command(seal) with
        {
            Contact = await seal.Again(captured?.Contact, said.Contact),
            Email = await seal.Again(captured?.Email, said.Email),
            Phone = await seal.Again(captured?.Phone, said.Phone),
            Message = await seal.Again(captured?.Message, said.Message)
        };
        if (captured is not null && !IsSamePerson(captured, capture))
        {
            throw Rejection.WrongState("lead.captured", "This lead is captured already, with another contact, mail, phone or message.");
        }

        List<Dated<ILeadCommand>> commands = [new(capture, at)];
        if (assign is not null)
        {
            commands.Add(new(assign, at));
        }

        return new Saying<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance, commands).Decide(stream, known, types);
    }

    private static bool IsSamePerson(LeadCaptured known, CaptureLead said) =>
        known.Contact == said.Contact && known.Email == said.Email && known.Phone == said.Phone && known.Message == said.Message;
}
