using System.Text.RegularExpressions;
using static Crm.Domain.Access.AccessRules;

namespace Crm.Domain.Access;

/// <summary>Teams make a tree without rings, and none too deep.</summary>
internal static partial class TeamRules
{
    private const int Deepest = 10;

    public static IReadOnlyList<IAccessEvent> Add(Organisation state, AddTeam c)
    {
        if (!TeamId().IsMatch(c.Team))
        {
            throw Rejection.BrokenRule("access.id", "A team's id is what leads and opportunities call it: 1 to 60 characters without '/' and control characters.", "id");
        }

        if (state.Teams.TryGetValue(c.Team, out var known))
        {
            return known == new Team(c.Name, c.Parent) ? [] : throw Rejection.WrongState("access.team-added", "A team of this id is there already.");
        }

        MustHaveRoom(state.Teams.Count);
        MustFit(state, c.Team, c.Parent);
        return [new TeamAdded(c.Team, c.Name, c.Parent)];
    }

    public static IReadOnlyList<IAccessEvent> Move(Organisation state, MoveTeam c)
    {
        var team = state.Teams.GetValueOrDefault(c.Team) ?? throw Rejection.Unknown("access.team-unknown", "There is no such team.");
        if (team.Parent == c.Parent)
        {
            return [];
        }

        MustFit(state, c.Team, c.Parent);
        return [new TeamMoved(c.Team, c.Parent)];
    }

    private static void MustFit(Organisation state, string team, string? parent)
    {
        MustBeTeam(state, parent, "parent");
        var depth = state.HeightOf(team);
        for (var above = parent; above is not null; above = state.Teams.GetValueOrDefault(above)?.Parent)
        {
            if (above == team || ++depth > Deepest)
            {
                throw Rejection.BrokenRule("access.team-tree", $"A team cannot be below itself, nor more than {Deepest} deep.", "parent");
            }
        }
    }

    [GeneratedRegex(@"\A[^/\p{C}]{1,60}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TeamId();
}
