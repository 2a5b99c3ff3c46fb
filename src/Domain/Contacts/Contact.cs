namespace Crm.Domain.Contacts;

/// <summary>A person at a customer.</summary>
public sealed record Contact
{
    public static readonly Contact None = new();

    public ContactRegistered? Registered { get; private init; }

    /// <summary>As it was registered, with everything that was changed since.</summary>
    public ContactRegistered? Details { get; private init; }

    /// <summary>Whether the person wants no mails that go out by themselves, to whatever address.</summary>
    public bool IsUnsubscribed { get; private init; }

    public static Contact Evolve(Contact state, IContactEvent @event) => @event switch
    {
        ContactRegistered e => state with { Registered = e, Details = e },
        ContactChanged e => state with { Details = e.Over(state.Details ?? new ContactRegistered(Guid.Empty, new Personal(""))) },
        ContactUnsubscribed => state with { IsUnsubscribed = true },
        ContactResubscribed => state with { IsUnsubscribed = false },
        _ => state
    };
}
