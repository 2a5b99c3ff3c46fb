using Crm.Domain.Access;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Approvals;

/// <summary>Who there is to be asked: members, to whom they report, and who stands in for whom.</summary>
/// <param name="Reps">To whom they report, by the playbook that is in force.</param>
public sealed record ApprovalStaff(Organisation Organisation, IReadOnlyList<RepSection> Reps, ApprovalDelegations Delegations)
{
    /// <summary>The members whom a step asks. Whoever left, or asks himself where that is not allowed, is replaced by his superior; where
    /// nobody is left, admins are asked.</summary>
    public IReadOnlyList<string> Approvers(ApprovalStepSection step, string asker, bool allowOwn)
    {
        var asked = step.Approvers;
        var may = (string member) => May(member, asker, allowOwn);
        string?[] named =
        [
            .. (asked.Members ?? []).Select(member => may(member) ? member : Above(member).FirstOrDefault(may)),
            .. Organisation.Members.Where(member => asked.Roles?.Contains(member.Value.Role) == true).Select(member => member.Key)
                .Where(may),
            .. asked.Superior ? [Above(asker).FirstOrDefault(may)] : Array.Empty<string?>()
        ];
        IReadOnlyList<string> approvers = [.. named.OfType<string>().Distinct()];
        return approvers.Count > 0 ? approvers
            : [.. Organisation.Members.Where(member => member.Value.Role == BuiltInRoles.Admin).Select(member => member.Key).Where(may)];
    }

    /// <summary>Who takes the place of one who is asked no more; null where nobody does.</summary>
    public string? Successor(string member, string asker, bool allowOwn) => Above(member)
        .Concat(Organisation.Members.Where(one => one.Value.Role == BuiltInRoles.Admin).Select(one => one.Key))
        .FirstOrDefault(one => one != member && May(one, asker, allowOwn));

    /// <summary>Those above a member who may come in, the nearest first.</summary>
    public IEnumerable<string> Above(string member) =>
        Superiors.Above(Reps, Organisation.Members.GetValueOrDefault(member)?.Rep ?? member)
            .SelectMany(rep => Organisation.Members.Where(one => (one.Value.Rep ?? one.Key) == rep).Select(one => one.Key))
            .Where(one => one != member && IsHere(one));

    /// <summary>Who stands in for a member now; he himself where nobody does.</summary>
    public string Acting(string member, DateTimeOffset now) => Delegations.ActingFor(member, now, IsHere);

    /// <summary>Whether a member may come in, and may decide.</summary>
    public bool IsHere(string member) =>
        Organisation.Active(member) is { } active && Organisation.RightsOf(active).Functions.Contains(Functions.ApprovalsDecide);

    public bool May(string member, string asker, bool allowOwn) => IsHere(member) && (allowOwn || member != asker);
}
