using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Tests.Journeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Lists;

/// <summary>Asks the program's own readers as somebody who does not see everything.</summary>
internal sealed class Insight(CrmServer crm, Owners? owners, params string[] hidden)
{
    public Caller By { get; } = Caller.Developer with { Sight = new Sight(owners, hidden.ToHashSet()) };

    public T Service<T>() where T : notnull => crm.App.Services.GetRequiredService<T>();

    /// <summary>The body of an answer, or the problem instead.</summary>
    public async Task<(int Status, JsonElement Body, IHeaderDictionary Headers)> Ask(Func<HttpRequest, Task<IResult>> ask)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = crm.App.Services };
        context.Request.Method = "GET";
        context.Request.Path = "/asked";
        context.Response.Body = body;
        try
        {
            await (await ask(context.Request)).ExecuteAsync(context);
        }
        catch (Exception e) when (e is Problem or Crm.Domain.Rejection)
        {
            var problem = e as Problem ?? Problem.From((Crm.Domain.Rejection)e);
            return (problem.Status, JsonSerializer.SerializeToElement(new { problem.Code, problem.Message, problem.Errors }), context.Response.Headers);
        }

        return (context.Response.StatusCode, body.Length == 0 ? default : JsonDocument.Parse(body.ToArray()).RootElement, context.Response.Headers);
    }

    public async Task<IReadOnlyList<JsonElement>> List<TRow, TAnswer>(Crm.Api.Lists.RecordList<TRow, TAnswer> list, Crm.Api.Lists.Asked asked)
        where TRow : class where TAnswer : notnull
    {
        var (status, body, _) = await Page(list, asked);
        status.ShouldBe(200, body.ToString());
        return [.. body.GetProperty("items").EnumerateArray()];
    }

    public Task<(int Status, JsonElement Body, IHeaderDictionary Headers)> Page<TRow, TAnswer>(Crm.Api.Lists.RecordList<TRow, TAnswer> list, Crm.Api.Lists.Asked asked)
        where TRow : class where TAnswer : notnull =>
        Ask(request => Service<Crm.Api.Lists.ListReader>().Page(list, By, asked, least: null, IfNoneMatch.Nothing(request), default));
}
