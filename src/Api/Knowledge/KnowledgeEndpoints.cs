using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.Knowledge;

namespace Crm.Api.Knowledge;

/// <summary>What was learned, over HTTP: from deals that were won or lost, and what somebody wrote for others.</summary>
public static class KnowledgeEndpoints
{
    public static void MapKnowledge(this IEndpointRouteBuilder app)
    {
        var knowledge = app.MapGroup("/knowledge").WithTags("Knowledge");

        knowledge.MapGet("/", (
            Query<Paged<KnowledgeQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(KnowledgeAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<KnowledgeAnswer>>().Needs(Functions.KnowledgeRead).WithName("listKnowledge")
            .WithSummary("What was learned from deals that were won or lost, newest first, now or as of any moment");

        var articles = knowledge.MapGroup("/articles").ChangedByThoseWhoSee("article");

        articles.MapPost("/", (Body<WriteArticleRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            var command = new WriteArticle(r.Kind, r.Title, r.Text, r.Industry, r.Product, r.Competitor, r.Stage, r.Language);
            return writes.Send(ArticleDecider.Instance, Guid.CreateVersion7(), command,
                incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct, createdUnder: "/api/v1/knowledge/articles");
        }).Creates().Needs(Functions.KnowledgeWrite).WithName("writeArticle")
            .WithSummary("Write a talk track, a competitor sheet or a case");

        articles.MapPatch("/{id:guid}",
            (Guid id, Patch<ReviseArticleRequest> patch, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(ArticleDecider.Instance, id, patch.Value.Command(patch.Cleared), incoming.Call(patch.Body, occurredAt: null), ct))
            .Changes().Needs(Functions.KnowledgeWrite).WithName("reviseArticle").WithSummary("Revise an article, member by member");

        articles.MapPost("/{id:guid}/retirement",
            (Guid id, Body<RetireArticleRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(ArticleDecider.Instance, id, new RetireArticle(body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.KnowledgeWrite).WithName("retireArticle")
                .WithSummary("Say that an article is not to be used any more");

        articles.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records,
            CancellationToken ct) =>
            records.One(ArticleAnswer.List, by, id, query.Value, held, ArticleDecider.Unknown(), ct))
            .Produces<ArticleAnswer>().Needs(Functions.KnowledgeRead).WithName("getArticle")
                .WithSummary("One article, now or as of any moment");

        articles.MapGet("/{id:guid}/events",
            (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<IArticleEvent>(ArticleAnswer.List, by, id, query.Value.Times, held, ArticleDecider.Unknown(), ct))
            .Produces<EventList>().Needs(Functions.KnowledgeRead).WithName("getArticleEvents")
            .WithSummary("What happened to an article, in the order of recording");

        articles.MapGet("/", (
            Query<Paged<ArticleQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(ArticleAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<ArticleAnswer>>().Needs(Functions.KnowledgeRead).WithName("listArticles")
            .WithSummary("Articles, newest first, now or as of any moment");
    }
}
