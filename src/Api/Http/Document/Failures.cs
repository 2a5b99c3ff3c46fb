using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>Each status of failure once, as a component; all of them are the one problem.</summary>
internal static class Failures
{
    public static IOpenApiResponse Of(int? status, OpenApiDocument document)
    {
        var name = status is { } number ? "Problem" + number.ToString(CultureInfo.InvariantCulture) : "ProblemOther";
        document.AddComponent(name, Describe(status, document));
        return new OpenApiResponseReference(name, document);
    }

    private static OpenApiResponse Describe(int? status, OpenApiDocument document) => new()
    {
        Description = status is { } number ? Statuses.Of(number).Title : "Any other failure",
        Headers = AnswerHeaders.OfFailure(document, status),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problems.MediaType] = new()
            {
                Schema = ProblemDocument.Describe(document),
                Example = Example(status ?? 405)
            }
        }
    };

    private static JsonNode? Example(int status)
    {
        var problem = status switch
        {
            400 => Problem.Invalid([
                Fault.InBody("/amount/amount", Code.NotAnAmount, "Write it as text, in quotes: \"1054.00\". Numbers of JSON are not exact everywhere."),
                Fault.InBody("/rpe", Code.UnknownMember, "There is no member 'rpe' here. Did you mean 'rep'?")]),
            409 => new Problem(409, "opportunity.closed", "The opportunity is won; reopen it first."),
            410 => new Problem(410, "foreign-epoch", "This position is of another life of the store, before a restore; read again without it."),
            412 => new Problem(412, "precondition-failed", "If-Match names another version than 8, which is the current one.") { CurrentVersion = 8 },
            422 => new Problem(422, "opportunity.stage-unknown", "The pipeline has no stage 'Dreaming'.",
                Fault.InBody("/stage", "opportunity.stage-unknown", "The pipeline has no stage 'Dreaming'.")),
            428 => new Problem(428, "precondition-required", "Send If-Match with the version that you saw."),
            _ => Problem.Of(status)
        };
        var document = ProblemDocument.Of(problem, "/api/v1/opportunities", "0198c5f27b1e7c3a9d395b0f6b1a8e52");
        return JsonSerializer.SerializeToNode(document, Problems.Json);
    }
}
