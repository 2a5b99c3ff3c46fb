using Crm.Api.Access;
using Crm.Api.CustomFields;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;
using Crm.EventStore;
using Crm.Projections;
using Crm.Projections.Customers;

namespace Crm.Api.Customers;

/// <summary>Customers over HTTP, and what other systems call them.</summary>
public static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers").ChangedByThoseWhoSee("customer");

        customers.MapPost("/", async (
            Body<RegisterCustomerRequest> body, Incoming incoming, KnownCustomers known, FieldsInForce fields, Writes writes,
            CancellationToken ct) =>
        {
            var r = body.Value;
            await known.MustExist(incoming.By.Tenant, r.ParentId, ct, "parentId");
            var custom = await fields.OfNew(incoming.By.Tenant, FieldRecord.Customer, r.Custom, ct);
            return await writes.Send(CustomerDecider.Instance, Guid.CreateVersion7(),
                new RegisterCustomer(r.Name, r.Industry, r.Region, r.Country, r.Employees, r.Website, r.ParentId, Custom: custom),
                incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created), ct, createdUnder: "/api/v1/customers");
        }).Creates().Needs(Functions.CustomersWrite).WithName("registerCustomer").WithSummary("Register a customer");

        customers.MapPatch("/{id:guid}", async (
            Guid id, Patch<ChangeCustomerRequest> patch, Incoming incoming, KnownCustomers known, FieldsInForce fields, Commands commands,
            Writes writes, CancellationToken ct) =>
        {
            await known.MustBeAbove(incoming.By.Tenant, id, patch.Value.ParentId, ct);
            var before = (await commands.Latest(CustomerDecider.Instance, incoming.By.Tenant, id, ct)).State.Details?.Custom;
            var (custom, cleared) = await fields.OfChange(
                incoming.By.Tenant, FieldRecord.Customer, patch.Value.Custom, patch.Cleared, before, ct);
            var call = incoming.Call(patch.Body, patch.Value.OccurredAt);
            return await writes.Send(CustomerDecider.Instance, id, patch.Value.Command(cleared, custom), call, ct);
        }).Changes().Needs(Functions.CustomersWrite).WithName("changeCustomer").WithSummary("Change what is known of a customer, member by member");

        customers.MapPut("/by-external/{system}/{externalId}", (
            string system, string externalId, Patch<ChangeCustomerRequest> patch, Incoming incoming, Upsert upsert, CancellationToken ct) =>
            upsert.Send(system, externalId, patch, incoming, ct))
            .Creates().Needs(Functions.CustomersWrite).WithName("upsertCustomerByExternalId")
            .WithSummary("Change the customer that another system calls so, or register it");

        customers.MapPost("/{id:guid}/external-ids", (Guid id, Body<IdentifyCustomerRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            return writes.Send(CustomerDecider.Instance, id, new IdentifyCustomer(r.System, r.ExternalId), incoming.Call(body, r.OccurredAt), ct);
        }).Changes().Needs(Functions.CustomersWrite).WithName("identifyCustomer").WithSummary("Say what another system calls a customer");

        customers.MapGet("/by-external/{system}/{externalId}", async (string system, string externalId, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Store store, Records records, CancellationToken ct) =>
        {
            FieldSight.MustSee(by, "customer", "externalIds");
            return await store.Holder(by.Tenant, ExternalIds.Kind(system), externalId, ct) is { } id
                ? await records.One(CustomerAnswer.List, by, id, query.Value, held, Missing(), ct)
                : throw Missing();
        })
            .Produces<CustomerAnswer>().Needs(Functions.CustomersRead).WithName("getCustomerByExternalId").WithSummary("The customer that another system calls so");

        customers.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(CustomerAnswer.List, by, id, query.Value, held, Missing(), ct))
            .Produces<CustomerAnswer>().Needs(Functions.CustomersRead).WithName("getCustomer").WithSummary("One customer, now or as of any moment");

        customers.MapGet("/{id:guid}/events", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<ICustomerEvent>(CustomerAnswer.List, by, id, query.Value.Times, held, Missing(), ct))
            .Produces<EventList>().Needs(Functions.CustomersRead).WithName("getCustomerEvents").WithSummary("What happened to a customer, in the order of recording");

        customers.MapGet("/", (Query<Paged<CustomerQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(CustomerAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<CustomerAnswer>>().Needs(Functions.CustomersRead).WithName("listCustomers").WithSummary("Customers, newest first, now or as of any moment");

        customers.MapSearch(CustomerAnswer.List, Functions.CustomersRead).WithName("searchCustomers").WithSummary("Customers that a filter describes, now or as of any moment");

        customers.MapExport("customers", CustomerAnswer.List, Functions.CustomersRead, (CustomerQuestion q) => q.Asked)
            .WithName("exportCustomers").WithSummary("All customers that are asked for, as a file, now or as of any moment");
    }

    internal static Rejection Missing() => Rejection.Unknown("customer.unknown", "There is no such customer.");
}

/// <summary>An id in another system stands for one customer of a tenant at most; a claim keeps it so.</summary>
public static class ExternalIds
{
    public static string Kind(string system) => $"customer.external:{system}";

    /// <summary>Whoever says it, over HTTP or by a file: the fact takes the claim.</summary>
    public static IEnumerable<Claim> ClaimedBy(object fact, Guid customer) =>
        fact is CustomerIdentified e ? [new Claim(Kind(e.System), e.ExternalId, customer)] : [];
}

/// <param name="Custom">By the fields of the playbook in force: texts, numbers, days as <c>2026-02-28</c>, true or false.</param>
public sealed record RegisterCustomerRequest(
    string Name, string? Industry = null, string? Region = null, string? Country = null, [Between(0, 10_000_000)] int? Employees = null,
    string? Website = null, Guid? ParentId = null, DateTimeOffset? OccurredAt = null, CustomSaid? Custom = null);

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
/// <param name="Custom">Of the fields of the playbook those that change, member by member likewise; null for all of them.</param>
public sealed record ChangeCustomerRequest(
    string? Name = null, string? Industry = null, string? Region = null, string? Country = null, [Between(0, 10_000_000)] int? Employees = null,
    string? Website = null, Guid? ParentId = null, DateTimeOffset? OccurredAt = null, CustomSaid? Custom = null)
{
    internal ChangeCustomer Command(IReadOnlyList<string> cleared, CustomValues? custom) =>
        new(Name, Industry, Region, Country, Employees, Website, ParentId, [.. cleared.Except(["occurredAt"])], custom);
}

public sealed record IdentifyCustomerRequest([Field("externalIds"), Text(60)] string System, [Field("externalIds")] string ExternalId, DateTimeOffset? OccurredAt = null);

/// <param name="Tier">Only those in this tier, by its key.</param>
/// <param name="Lifecycle">Only those in this stage of their lifecycle, by its key.</param>
/// <param name="Tag">Only those with this tag.</param>
public sealed record CustomerQuestion(
    Times Times, ListWords Words, string? Q = null, string? Name = null, string? Industry = null, string? Region = null,
    string? Country = null, [Text(20)] string? Tier = null, [Text(20)] string? Lifecycle = null,
    [Text(TagCustomer.LongestTag)] string? Tag = null) : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words, ("name", Name), ("industry", Industry), ("region", Region), ("country", Country), ("tier", Tier),
        ("lifecycle", Lifecycle)).And("tag", "tags", Tag).Seeking(Q);
}

/// <param name="ExternalIds">As <c>system:id</c>.</param>
/// <param name="Tags">In the order in which they were put on.</param>
/// <param name="Tier">Its key in the playbook; null for none.</param>
/// <param name="TierByRule">Whether a rule put it there, and not a person; null where it is in none.</param>
/// <param name="Lifecycle">The stage that it is in, by its key in the playbook; null for none.</param>
/// <param name="LifecycleSince">When it came to it.</param>
/// <param name="Custom">
/// By the fields of its playbook, each as text: numbers with a point, days as <c>2026-02-28</c>, <c>true</c> or <c>false</c>.
/// </param>
[Sparse]
public sealed record CustomerAnswer(
    Guid Id, DateTimeOffset RegisteredAt, string? Name, string? Industry, string? Region, string? Country, int? Employees, string? Website,
    Guid? ParentId, Guid? LeadId, IReadOnlyList<string> ExternalIds, IReadOnlyList<string> Tags, string? Tier, DateTimeOffset? TierSince,
    bool? TierByRule, string? Lifecycle, DateTimeOffset? LifecycleSince, IReadOnlyDictionary<string, string> Custom)
{
    public static readonly RecordList<CustomerList.Row, CustomerAnswer> List =
        new("customer", Catalog.Customers, "registeredAt", (row, _, _, _) => Task.FromResult(Of(row)), searched: ["name", "website"]);

    public static CustomerAnswer Of(CustomerList.Row r) => new(
        r.CustomerId, r.RegisteredAt!.Value, r.Name, r.Industry, r.Region, r.Country, r.Employees, r.Website, r.ParentId, r.LeadId,
        r.ExternalIds, r.Tags, r.Tier, r.TierSince, r.TierByRule, r.Lifecycle, r.LifecycleSince, r.Custom ?? CustomAnswer.Nothing);
}
