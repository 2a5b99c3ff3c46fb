using Crm.Api.Http;

namespace Crm.Api.Access;

/// <summary>Whose a record becomes.</summary>
internal static class Ownership
{
    /// <summary>That a record may be given to whom was named; nobody need be.</summary>
    /// <inheritdoc cref="Of"/>
    public static void MustBeFree(Caller by, string? rep, string? team, string assign)
    {
        if (rep is not null || team is not null)
        {
            Of(by, rep, team, assign);
        }
    }

    /// <summary>That whoever sees only some records gives one to none but those whose records he sees, and to his own team.</summary>
    /// <exception cref="Problem">403: it would be somebody else's.</exception>
    public static void MustBeWithin(Caller by, string? rep, string? team)
    {
        if (by.Sight.Owners is not { } owners)
        {
            return;
        }

        var sees = rep is null || owners.Own(rep, team: null);
        if (!sees || (team is not null && team != by.Team && !owners.Teams.Contains(team)))
        {
            throw new Problem(403, Code.Forbidden, "You cannot make a record that you would not see.",
                Fault.InBody(sees ? "/team" : "/rep", Code.Forbidden,
                    "Name yourself or one of those whose records you see, or leave rep and team out."));
        }
    }

    /// <summary>As was said; where nothing was said and the caller sees only some records, his own, so that he sees what he has made.</summary>
    /// <param name="assign">The function that is needed to make it somebody else's.</param>
    /// <exception cref="Problem">403: it would be somebody's whose records the caller does not see, or may not give records to.</exception>
    public static (string? Rep, string? Team) Of(Caller by, string? rep, string? team, string assign)
    {
        if (by.Sight.Owners is not null)
        {
            (rep, team) = rep is null && team is null ? (by.Rep, by.Team) : (rep ?? by.Rep, team);
            MustBeWithin(by, rep, team);
        }

        return (rep is null || rep == by.Rep || by.Rights.Functions.Contains(assign)) ? (rep, team) : throw new Problem(
            403, Code.Forbidden, $"Giving a record to somebody else needs the function {assign}, which you do not have.",
            Fault.InBody("/rep", Code.Forbidden, "Name yourself, or leave it out."));
    }
}
