using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Crm.Domain.Scoring.Models;

/// <summary>
/// What a model is known by. Its canonical JSON has no blanks, members in the order written here, nothing where there is none, and decimals
/// as text without zeros at their ends.
/// </summary>
public static class ScoreModelHash
{
    /// <summary>SHA-256 in small hexadecimal digits, over all of the model but its hash.</summary>
    public static string Of(ScoreModel model)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            Write(json, model);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, ScoreModel model)
    {
        json.WriteStartObject();
        json.WriteNumber("engine", model.Engine);
        json.WriteString("intercept", Text(model.Intercept));
        if (model.Points is { } points)
        {
            json.WriteString("pointsWeight", Text(points.Weight));
            json.WriteString("pointsMean", Text(points.Mean));
        }

        json.WriteStartArray("fields");
        foreach (var field in model.Fields)
        {
            Write(json, field);
        }

        json.WriteEndArray();
        Write(json, "missingMarkers", model.MissingMarkers);
        json.WriteNumber("trainedOn", model.TrainedOn);
        json.WriteNumber("positives", model.Positives);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ScoredField field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WriteString("missing", Text(field.Missing));
        if (field.Texts is { } texts)
        {
            Write(json, "values", texts.Values.SelectMany(value => (string[])[value.Key, Text(value.Weight)]));
            json.WriteString("other", Text(texts.Other));
        }

        if (field.Numbers is { } numbers)
        {
            if (numbers.Zero is { } zero)
            {
                json.WriteString("zero", Text(zero));
            }

            Write(json, "from", numbers.From.Select(Text));
            Write(json, "weights", numbers.Weights.Select(Text));
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    // Some decimals are a zero below zero, which is the same number with another text.
    private static string Text(decimal value) =>
        value == 0 ? "0" : value.ToString("0.############################", CultureInfo.InvariantCulture);
}
