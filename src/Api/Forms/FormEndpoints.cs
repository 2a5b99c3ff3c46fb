using Crm.Api.Access;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Forms;
using Crm.EventStore;

namespace Crm.Api.Forms;

/// <summary>Forms of web pages: how they are set up, and how anybody sends one.</summary>
public static class FormEndpoints
{
    public static void MapForms(this IEndpointRouteBuilder app)
    {
        var forms = app.MapGroup("/forms").WithTags("Forms");

        forms.MapPost("/", async (
            Body<PublishFormRequest> body, Incoming incoming, Commands commands, CurrentPlaybook playbooks, Store store,
            CancellationToken ct) =>
        {
            await MustHave(playbooks, incoming, body.Value.Layout, ct);
            var written = await commands.Send(
                FormDecider.Instance, Guid.CreateVersion7(), body.Value.Command, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct);
            return new WriteResult(written, store.Epoch, $"/api/v1/forms/{written.Id}",
                new PublishedForm(written.Id, written.Version, written.Position, new FormKey(incoming.By.Tenant, written.Id).ToString()));
        }).Creates<PublishedForm>().Needs(Functions.FormsManage).WithName("publishForm").WithSummary("Publish a form for web pages");

        forms.MapPatch("/{id:guid}", async (
            Guid id, Patch<ChangeFormRequest> patch, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
        {
            await MustHave(playbooks, incoming, patch.Value.Layout, ct);
            var call = incoming.Call(patch.Body, occurredAt: null);
            return await writes.Send(FormDecider.Instance, id, patch.Value.Command(patch.Cleared), call, ct);
        })
            .Changes().Needs(Functions.FormsManage).WithName("changeForm").WithSummary("Change a form, member by member");

        forms.MapPost("/{id:guid}/retirement", (Guid id, Body<RetireFormRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(FormDecider.Instance, id, new RetireForm(body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.FormsManage).WithName("retireForm").WithSummary("Take a form out of service for good");

        forms.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(FormAnswer.List, by, id, query.Value, held, Rejection.Unknown("form.unknown", "There is no such form."), ct))
            .Produces<FormAnswer>().Needs(Functions.FormsManage).WithName("getForm").WithSummary("One form, now or as of any moment");

        forms.MapGet("/", (Query<Paged<FormQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(FormAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<FormAnswer>>().Needs(Functions.FormsManage).WithName("listForms").WithSummary("Forms, newest first");

        forms.MapExport("forms", FormAnswer.List, Functions.FormsManage, (FormQuestion q) => q.Asked)
            .WithName("exportForms").WithSummary("All forms that are asked for, as a file");
    }

    /// <summary>Where web pages send forms to: an address of its own, since nothing below <c>/api</c> is open to everybody.</summary>
    public static void MapSubmissions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/forms/{key}", (string key, HttpContext context, Submissions submissions, CancellationToken ct) =>
            submissions.Take(key, context, ct))
            .AllowAnonymous().WithMetadata(new TakesBody(typeof(SubmissionRequest)), new MayFail(403), new MayFail(404), new MayFail(429)).WithTags("Forms")
            .Produces<SubmissionAnswer>(StatusCodes.Status202Accepted).WithName("submitForm").WithSummary("Send a form, as a web page does, without logging in");

        app.MapGet("/forms/{key}", (string key, HttpContext context, Submissions submissions, CancellationToken ct) =>
            submissions.Describe(key, context, ct))
            .AllowAnonymous().WithMetadata(new MayFail(403), new MayFail(404), new MayFail(429)).WithTags("Forms")
            .Produces<FormDescription>().WithName("describeForm")
            .WithSummary("What a form asks, so that a page can be made of it; as such a page where HTML is asked for");

        app.MapMethods("/forms/{key}", ["OPTIONS"], (string key, HttpContext context, Submissions submissions, CancellationToken ct) =>
            submissions.Preflight(key, context, ct)).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task MustHave(CurrentPlaybook playbooks, Incoming incoming, string? layout, CancellationToken ct)
    {
        if (layout is not null && FormLayout.Find((await playbooks.Of(incoming.By.Tenant, ct)).Document, layout) is null)
        {
            throw Rejection.BrokenRule("form.layout-unknown", $"The playbook in force has no form '{layout}'.", "layout");
        }
    }
}
