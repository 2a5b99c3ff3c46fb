using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Access;

/// <summary>What an operator sets up for a tenant from outside: makes it, and gives its admin a key.</summary>
public sealed class TenantSetup(Engine engine, string tenant)
{
    private readonly Call call = new(new Caller(tenant, "operator"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "operator");

    /// <exception cref="Rejection"><c>access.tenant-added</c>: it is there, with another name or zone.</exception>
    public Task Add(string name, string zone, CancellationToken ct) => Send(new AddTenant(name, zone), ct);

    /// <summary>A new key of the member admin, who is made where there is none, and may do everything again where that was taken away.</summary>
    public async Task<string> AdminKey(CancellationToken ct)
    {
        var text = ApiKeyText.New(tenant);
        if (!(await engine.Organisations.Of(tenant, ct)).Members.ContainsKey(BuiltInRoles.Admin))
        {
            await Send(new AddMember(BuiltInRoles.Admin, MemberKind.Person, BuiltInRoles.Admin, Name: null, Team: null, Rep: null, call.By.Rights), ct);
        }

        await Send(new GiveRole(BuiltInRoles.Admin, BuiltInRoles.Admin, call.By.Rights), ct);
        await Send(new ReinstateMember(BuiltInRoles.Admin, call.By.Rights), ct);
        await Send(new IssueApiKey(text.Key, BuiltInRoles.Admin, "made by the operator", text.Hash, null, ExpiresAt: null, call.By.Rights), ct);
        return text.Text;
    }

    private Task Send(IAccessCommand command, CancellationToken ct) =>
        engine.Commands.Send(AccessDecider.Instance, Organisations.StreamOf(tenant), command, call, ct);
}
