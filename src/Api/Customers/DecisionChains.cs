using Crm.Api.Access;
using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.Contacts;
using Crm.Domain.Playbooks;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Customers;

/// <summary>Who has which part in customers' decisions, as of any moment, measured by what the playbook of that moment asks for.</summary>
public sealed class DecisionChains(Queries queries, CurrentPlaybook playbooks, Unsealer unsealer)
{
    private static readonly string History = ModelTables.Of(Catalog.BuyingRoles).History;

    /// <summary>The chain of each of some customers; of one with no contacts an empty one.</summary>
    /// <param name="position">The position up to which the read model is asked.</param>
    internal async Task<IReadOnlyDictionary<Guid, KnownChain>> Of(
        string tenant, IReadOnlyCollection<Guid> customers, Lens lens, NpgsqlConnection connection, long position, CancellationToken ct)
    {
        var playbook = await playbooks.AsKnown(tenant, lens.Position, lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow(), ct);
        var asked = DecisionChainSection.RolesOf(playbook.Document);
        var states = (await States(tenant, customers, lens, connection, position, ct)).ToLookup(state => state.CustomerId);
        return customers.Distinct().ToDictionary(customer => customer, customer => new KnownChain(
            DecisionChain.Of(states[customer].Select(state => state.Role), asked),
            states[customer].GroupBy(state => state.Role.ContactId)
                .ToDictionary(ofOne => ofOne.Key, ofOne => (ofOne.Last().Name, ofOne.Last().Title)),
            playbook.Version));
    }

    public async Task<DecisionChainAnswer> Answer(Caller by, Guid customer, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var (chains, position) = await queries.Read(
            by.Tenant, Catalog.BuyingRoles, lens, least, (connection, known) => Of(by.Tenant, [customer], lens, connection, known, ct), ct);
        return await Told(by, customer, chains[customer], lens, position, ct);
    }

    /// <summary>Those at a customer who have one of some roles now: in the order of roles, of one role first who has it longest.</summary>
    /// <param name="least">A position that is known by now.</param>
    internal async Task<IReadOnlyList<Guid>> Holders(
        string tenant, Guid customer, IReadOnlyList<BuyingRole> roles, long least, CancellationToken ct)
    {
        var now = new Lens(AsOf: null, KnownAt: null, Position: null);
        var (states, _) = await queries.Read(tenant, Catalog.BuyingRoles, now, queries.Token(least),
            (connection, known) => States(tenant, [customer], now, connection, known, ct), ct);
        return [.. DecisionChain.Of(states.Select(state => state.Role), roles).Held.Where(held => roles.Contains(held.Role))
            .Select(held => held.ContactId)];
    }

    internal async Task<DecisionChainAnswer> Told(Caller by, Guid customer, KnownChain known, Lens lens, long position,
        CancellationToken ct)
    {
        var chain = known.Chain;
        var names = new Dictionary<Guid, string?>();
        foreach (var (contact, (name, _)) in known.Contacts)
        {
            names[contact] = by.Sight.Hides("contact", "name") ? null : await unsealer.Open(by.Tenant, name, ct);
        }

        var roles = BuyingRoles.All.Select(role => new RoleInChain(
            BuyingRoles.Word(role), chain.Asked.Contains(role), [.. chain.Held.Where(held => held.Role == role).Select(Holder)]));
        var changes = chain.Changes.Reverse().Select(change => new RoleChangeAnswer(
            change.At, change.ContactId, names[change.ContactId], BuyingRoles.Word(change.From), BuyingRoles.Word(change.To)));
        return new DecisionChainAnswer(
            customer, lens.AsOf, lens.KnownAt, position, Catalog.BuyingRoles.Version, known.PlaybookVersion,
            Share.Part(chain.Asked.Count - chain.Missing.Count, chain.Asked.Count), [.. chain.Missing.Select(BuyingRoles.Word)], [.. roles],
            [.. changes]);

        RoleHolder Holder(RoleHeld held) => new(
            held.ContactId, names[held.ContactId], by.Sight.Hides("contact", "title") ? null
                : known.Contacts[held.ContactId].Title, held.Since);
    }

    // A state of a row is also another name, or another title: only what the role was is asked here, and the last name.
    private static async Task<IReadOnlyList<(Guid CustomerId, RoleState Role, string? Name, string? Title)>> States(
        string tenant, IReadOnlyCollection<Guid> customers, Lens lens, NpgsqlConnection connection, long position, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select customer_id, contact_id, at, buying_role, name, title from {History}
            where tenant_id = $1 and customer_id = any($2) and at < $3 and is_there
              and from_position <= $4 and (to_position is null or to_position > $4)
            order by at, version
            """, connection);
        foreach (var value in (object[])[tenant, customers.ToArray(), lens.Until.ToUniversalTime(), position])
        {
            command.Parameters.AddWithValue(value);
        }

        var states = new List<(Guid, RoleState, string?, string?)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            states.Add((reader.GetGuid(0), new(reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), BuyingRoles.Of(Text(3))),
                Text(4), Text(5)));
        }

        return states;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <param name="Contacts">What is known of each who has or had a role: his name, sealed, and what he does at the customer.</param>
    internal sealed record KnownChain(DecisionChain Chain, IReadOnlyDictionary<Guid, (string? Name, string? Title)> Contacts,
        long PlaybookVersion);
}
