using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>What the document says of the API as a whole: whose it is, where it is, who may use it, and the areas that it has.</summary>
internal static class About
{
    public const string ApiKey = "apiKey";
    public const string Oidc = "oidc";

    private const string Description =
        """
        Leads to forecasts, with every figure as of any day.

        Failures are `application/problem+json`; branch on `code`, which `/problems/{code}` explains.
        **Words are open**: a member that takes one of a few words (`status`, `kind`, `code` …) may take new ones in the same version, and an answer
        may get new members. Clients must tolerate both.
        Whole numbers lie between 0 and 2^53 - 1, so every JSON library keeps them exact; amounts are text. Times are RFC 3339 in UTC.
        """;

    public static void Write(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "EventSourcedCrm",
            Version = CrmVersion.Newest,
            Description = Description,
            Contact = new OpenApiContact
            {
                Name = "The operator of this installation"
            },
            License = new OpenApiLicense
            {
                Name = "All rights reserved",
                Identifier = "LicenseRef-Proprietary"
            }
        };
        document.Servers = [new OpenApiServer
        {
            Url = "/",
            Description = "The installation that this document was read from, local or production",
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(false) }
        }];
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = Said.All.Tags.GetValueOrDefault(tag.Name ?? "");
        }

        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKey] = Bearer("crm_…", "An API key of this program, sent as `Authorization: Bearer crm_…`."),
            [Oidc] = Bearer("JWT", "An access token of the identity provider that the operator has set up (OpenID Connect), checked as RFC8725 advises.")
        };
    }

    /// <summary>Either of the two will do.</summary>
    public static IList<OpenApiSecurityRequirement> Credentials(OpenApiDocument document) => [Either(document, ApiKey), Either(document, Oidc)];

    private static OpenApiSecurityRequirement Either(OpenApiDocument document, string scheme) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static OpenApiSecurityScheme Bearer(string format, string description) => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = format,
        Description = description
    };
}
