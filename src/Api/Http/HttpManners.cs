using Crm.Api.Http.Document;
using Crm.Api.Http.Pages;

namespace Crm.Api.Http;

/// <summary>The manners of the HTTP edge, in one word: ids, headers, problems, limits, and the document that describes it all.</summary>
public static class HttpManners
{
    public const string Docs = "/docs";
    private const string OpenApi = "/openapi/v1.json";

    public static WebApplicationBuilder AddHttpManners(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBytes.Limit;
        });
        builder.Services.ConfigureHttpJsonOptions(options => AnswerJson.Configure(options.SerializerOptions));
        builder.Services.AddCrmOpenApi();
        builder.Services.AddSingleton<ServedDocument>();
        Compression.Add(builder.Services);
        return builder;
    }

    /// <summary>First of all middleware: what is used before it fails without manners.</summary>
    /// <param name="guard">What looks at who comes in, once it is known where he wants to go.</param>
    public static WebApplication UseHttpManners(this WebApplication app, Action<WebApplication>? guard = null)
    {
        app.UseMiddleware<Etiquette>();
        app.UseResponseCompression();
        app.UseMiddleware<Problems>();
        app.UseMiddleware<CrmVersion>();
        app.Use(Methods.Answer);
        app.UseRouting();
        guard?.Invoke(app);
        app.Use(Unknown.RefuseWhereNoneIsTaken);

        ServedDocument.Map(app, OpenApi);
        app.MapPages();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Docs.TrimStart('/');
            page.SwaggerEndpoint(OpenApi, "EventSourcedCrm");
        });
        return app;
    }
}
