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
        builder.Services.DescribeIfNoneMatch();
        Compression.Add(builder.Services);
        return builder;
    }

    /// <summary>First of all middleware: what is used before it fails without manners.</summary>
    public static WebApplication UseHttpManners(this WebApplication app)
    {
        app.UseMiddleware<Etiquette>();
        app.UseResponseCompression();
        app.UseMiddleware<Problems>();
        app.Use(Methods.Answer);
        app.UseRouting();
        app.Use(Unknown.RefuseWhereNoneIsTaken);

        app.MapOpenApi().AllowAnonymous();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Docs.TrimStart('/');
            page.SwaggerEndpoint(OpenApi, "EventSourcedCrm");
        });
        return app;
    }
}
