using System.Text.Json.Nodes;

namespace Crm.Api.Tests.Contract;

/// <summary>The comparison finds what breaks clients, names it, and lets additions pass.</summary>
public sealed class BreakingChangesTests
{
    private const string Released = """
        {
          "paths": {"/cups": {
            "get": {"operationId": "list", "parameters": [{"name": "size", "in": "query", "schema": {"type": "string", "enum": ["small", "large"]}}],
              "responses": {"200": {"headers": {"ETag": {}}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cup"}}}},
                "404": {"$ref": "#/components/responses/Missing"}}},
            "post": {"operationId": "fill", "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fill"}}}},
              "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cup"}}}}}}}},
          "components": {
            "responses": {"Missing": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
            "schemas": {
              "Fill": {"type": "object", "required": ["what"], "properties": {"what": {"type": "string", "maxLength": 20},
                "sugar": {"type": ["null", "integer"], "maximum": 9}, "rule": {"$ref": "#/components/schemas/Rule"}, "lid": {"oneOf": [{"$ref": "#/components/schemas/Lid"}, {"type": "null"}]}}},
              "Rule": {"type": "object", "properties": {"all": {"type": "array", "items": {"$ref": "#/components/schemas/Rule"}},
                "any": {"type": "array", "items": {"$ref": "#/components/schemas/Rule"}}, "not": {"$ref": "#/components/schemas/Rule"}}},
              "Lid": {"type": "object", "properties": {"colour": {"type": "string"}}},
              "Cup": {"type": "object", "required": ["id", "inner"], "properties": {"id": {"type": "string", "format": "uuid"},
                "inner": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Cup"}]},
                "drops": {"type": "array", "items": {"type": "integer"}}, "sizes": {"type": "object", "additionalProperties": {"type": "integer"}}}}}}
        }
        """;

    [Theory]
    [InlineData("\"post\": {", "\"put\": {", "POST /cups: the operation is gone")]
    [InlineData("/cups", "/mugs", "GET /cups: the operation is gone")]
    [InlineData("\"fill\"", "\"pour\"", "POST /cups: operationId is pour, was fill")]
    [InlineData("\"size\"", "\"volume\"", "GET /cups: the query parameter size is gone")]
    [InlineData("\"in\": \"query\",", "\"in\": \"query\", \"required\": true,", "GET /cups: the query parameter size is required now")]
    [InlineData("\"small\", ", "", "GET /cups: the query parameter size may no longer be 'small'")]
    [InlineData("\"headers\": {\"ETag\": {}},", "", "GET /cups 200: the header ETag is gone")]
    [InlineData("\"404\"", "\"410\"", "GET /cups 404: the status is gone")]
    [InlineData("application/problem+json", "text/plain", "GET /cups 404: the answer is no longer application/problem+json")]
    [InlineData("[\"what\"]", "[\"what\", \"sugar\"]", "POST /cups: the body/sugar is required now")]
    [InlineData("\"sugar\"", "\"sweet\"", "POST /cups: the body/sugar is gone")]
    [InlineData("\"maxLength\": 20", "\"maxLength\": 19", "POST /cups: the body/what has maxLength 19 now")]
    [InlineData("\"maxLength\": 20", "\"pattern\": \"a\"", "POST /cups: the body/what has the pattern a now")]
    [InlineData("\"maximum\": 9", "\"maximum\": 9, \"minimum\": 1", "POST /cups: the body/sugar has minimum 1 now")]
    [InlineData("[\"null\", \"integer\"]", "\"integer\"", "POST /cups: the body/sugar may no longer be null")]
    [InlineData("[{\"$ref\": \"#/components/schemas/Lid\"}, {\"type\": \"null\"}]", "[{\"$ref\": \"#/components/schemas/Lid\"}]", "POST /cups: the body/lid may no longer be null")]
    [InlineData("\"not\"", "\"none\"", "POST /cups: the body/rule/not is gone")]
    [InlineData("\"colour\"", "\"color\"", "POST /cups: the body/lid/colour is gone")]
    [InlineData("\"type\": \"string\", \"format\"", "\"type\": [\"null\", \"string\"], \"format\"", "GET /cups 200: the answer/id may be null now")]
    [InlineData("\"uuid\"", "\"date\"", "GET /cups 200: the answer/id has the format date, was uuid")]
    [InlineData("[\"id\", \"inner\"]", "[\"inner\"]", "GET /cups 200: the answer/id may be left out now")]
    [InlineData("\"drops\"", "\"tears\"", "GET /cups 200: the answer/drops is gone")]
    [InlineData("\"items\": {\"type\": \"integer\"}", "\"items\": {\"type\": \"string\"}", "GET /cups 200: the answer/drops/* may be string now")]
    [InlineData("\"additionalProperties\": {\"type\": \"integer\"}", "\"additionalProperties\": {\"type\": \"string\"}", "GET /cups 200: the answer/sizes/* may be string now")]
    [InlineData("[{\"type\": \"null\"}, {\"$ref\": \"#/components/schemas/Cup\"}]", "[{\"type\": \"string\"}]", "GET /cups 200: the answer/inner may be string now")]
    public void What_breaks_a_client_is_named(string was, string now, string sentence) => Changed(was, now).ShouldContain(sentence);

    [Theory]
    [InlineData("\"parameters\": [", "\"parameters\": [{\"name\": \"hot\", \"in\": \"query\", \"schema\": {\"type\": \"boolean\"}}, ")]
    [InlineData("\"small\", ", "\"small\", \"medium\", ")]
    [InlineData("\"404\"", "\"410\": {}, \"404\"")]
    [InlineData("\"headers\": {", "\"headers\": {\"Link\": {}, ")]
    [InlineData("\"sugar\"", "\"milk\": {\"type\": \"boolean\"}, \"sugar\"")]
    [InlineData("\"maxLength\": 20", "\"maxLength\": 200")]
    [InlineData("\"drops\"", "\"colour\": {\"type\": \"string\"}, \"drops\"")]
    [InlineData("[\"what\"]", "[]")]
    [InlineData("[\"id\", \"inner\"]", "[\"id\", \"inner\", \"drops\"]")]
    [InlineData("\"paths\": {", "\"paths\": {\"/mugs\": {\"get\": {}}, ")]
    [InlineData("[{\"type\": \"null\"}, {\"$ref\": \"#/components/schemas/Cup\"}]", "[{\"$ref\": \"#/components/schemas/Cup\"}]")]
    public void What_is_added_breaks_nobody(string was, string now) => Changed(was, now).ShouldBeEmpty();

    [Fact]
    public void The_same_is_the_same() => Changed("\"paths\"", "\"paths\"").ShouldBeEmpty();

    private static IReadOnlyList<string> Changed(string was, string now)
    {
        Released.ShouldContain(was);
        return BreakingChanges.Between(JsonNode.Parse(Released)!, JsonNode.Parse(Released.Replace(was, now))!);
    }
}
