namespace Crm.Api.Access;

/// <summary>What a caller may see: whose records, and which of their fields.</summary>
/// <param name="Owners">Only records of these reps and teams; null for all of the tenant's.</param>
/// <param name="HidesFiles">Of attached files it is told that there are some, and not what they are called and hold.</param>
/// <param name="Hidden">Fields that are neither shown nor filtered nor sorted by, as <c>opportunity.amount</c>: record and member as answers spell them.</param>
/// <param name="HidesVisits">Where somebody was on his visits is not told.</param>
public sealed record Sight(Owners? Owners, IReadOnlySet<string> Hidden, bool HidesFiles = false, bool HidesVisits = false)
{
    public static readonly Sight Everything = new(Owners: null, Hidden: new HashSet<string>());

    public bool SameAs(Sight other) =>
        HidesFiles == other.HidesFiles && HidesVisits == other.HidesVisits && Hidden.SetEquals(other.Hidden)
        && (Owners, other.Owners) switch
        {
            (null, null) => true,
            ({ } mine, { } theirs) => mine.Reps.SequenceEqual(theirs.Reps) && mine.Teams.SequenceEqual(theirs.Teams),
            _ => false
        };

    /// <summary>Whether it is told where somebody was on a visit. Customers are everybody's; where colleagues were is not.</summary>
    public bool TellsWhereWas(string? rep) => !HidesVisits && Owners?.Own(rep, team: null) != false;

    public bool Hides(string record, string member) =>
        Hidden.Contains($"{record}.{member}") || (member == "heldAmount" && Hidden.Contains($"{record}.amount"));
}

/// <summary>Whose records: those that one of the reps works on, or that belong to one of the teams.</summary>
public sealed record Owners(IReadOnlyList<string> Reps, IReadOnlyList<string> Teams)
{
    public bool Own(string? rep, string? team) => (rep is not null && Reps.Contains(rep)) || (team is not null && Teams.Contains(team));
}
