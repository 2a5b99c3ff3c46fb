using System.Text.RegularExpressions;

namespace Crm.Domain.Access;

/// <summary>What holds for members, teams, roles and keys alike: ids, how many there may be, and that nobody gives what he does not have.</summary>
internal static partial class AccessRules
{
    private const int MostEntries = 20_000;

    public static Member KnownMember(Organisation state, string id, Rights giver, string? field = null)
    {
        const string Message = "There is no such member.";
        var member = state.Members.GetValueOrDefault(id) ?? throw (field is null
            ? Rejection.Unknown("access.member-unknown", Message)
            : Rejection.BrokenRule("access.member-unknown", Message, field));
        MustHave(giver, state.RightsOf(member));
        return member;
    }

    /// <summary>The same of somebody for himself, who is in.</summary>
    public static string MustBeMember(Organisation state, string id) => state.Active(id) is not null
        ? id
        : throw Rejection.BrokenRule("access.member-unknown", "You are no member of this tenant, so nothing of it is your own.");

    public static void MustHave(Rights giver, Rights given)
    {
        if (!giver.Cover(given))
        {
            throw Rejection.BrokenRule("access.beyond-own", "It would take more rights than you have yourself: functions, a wider scope, or fields hidden from you.");
        }
    }

    public static void MustBeTeam(Organisation state, string? team, string field)
    {
        if (team is not null && !state.Teams.ContainsKey(team))
        {
            throw Rejection.BrokenRule("access.team-unknown", "There is no such team.", field);
        }
    }

    public static void MustHaveRoom(int count)
    {
        if (count >= MostEntries)
        {
            throw Rejection.BrokenRule("access.too-many", $"A tenant has at most {MostEntries} of these.");
        }
    }

    public static void MustBeId(string id, string field)
    {
        if (!Id().IsMatch(id))
        {
            throw Rejection.BrokenRule("access.id", "An id is 1 to 60 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit.", field);
        }
    }

    public static void MustBeFunctions(IReadOnlyList<string>? functions)
    {
        if (functions?.Except(Functions.All).FirstOrDefault() is { } stranger)
        {
            throw Rejection.BrokenRule("access.function-unknown", $"There is no function '{stranger}'; there are: {string.Join(", ", Functions.All)}.", "functions");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,59}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
