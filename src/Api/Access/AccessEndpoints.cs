namespace Crm.Api.Access;

/// <summary>Who may do what, over HTTP.</summary>
public static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        app.MapMe();
        app.MapTeams();
        app.MapRoles();
        app.MapMembers();
        app.MapKeys();
    }
}
