using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.Domain.Tests.Calendars;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Approvals;

/// <summary>A small company for stories: li asks; chen is his superior, and zhao is chen's.</summary>
internal static class Company
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Tuesday = Monday.AddDays(1);

    public static readonly About Deal = new(AboutKind.Opportunity, Guid.Parse("01920000-0000-7000-8000-0000000000b1"));

    public static readonly ApprovalPolicy Policy = ApprovalPolicy.Of(B2B, FixedZone.Shanghai);

    public static readonly Organisation Everybody = People("li", "chen", "zhao", "wang", "sun");

    public static readonly ApprovalFacts Facts = new("opportunity", Money.Of(85_000m, "CNY"), Percent: 15, Region: "East");

    public static ApprovalTerms At(DateTimeOffset now, Organisation? people = null, params ApprovalsDelegated[] away) => new(
        Policy, new ApprovalStaff(people ?? Everybody, [new("li", Superior: "chen"), new("chen", Superior: "zhao"), new("zhao")],
            away.Aggregate(ApprovalDelegations.None, ApprovalDelegations.Evolve)), now);

    public static Organisation People(params string[] members) =>
        members.Select(member => new MemberAdded(member, MemberKind.Person, "rep"))
        .Append(new MemberAdded("boss", MemberKind.Person, BuiltInRoles.Admin)).Aggregate(Organisation.None, Organisation.Evolve);

    public static Organisation Without(string member) => Organisation.Evolve(Everybody, new MemberSuspended(member));

    public static ApprovalStepSection Step(string key, params string[] members) => new(key, key, new(members));
}
