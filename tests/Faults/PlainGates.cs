using System.Text.Json;

namespace Crm.Faults.Tests;

/// <summary>What gates allow, told once more and by nothing of the program, for one road: from Need it takes a product, from Trial a
/// meeting that came to an agreement there, to come to Quote a competitor, to be won a source.</summary>
internal sealed class PlainGates
{
    private static readonly List<string> Stages = ["Need", "Trial", "Quote"];
    private readonly HashSet<string> known = [];
    private readonly HashSet<Guid> agreed = [];

    public string Stage { get; private set; } = "";

    public string Status { get; private set; } = "open";

    /// <summary>Takes in what happened.</summary>
    /// <returns>What was missing for it to happen.</returns>
    public IReadOnlyList<string> Heard(string type, JsonElement data)
    {
        switch (type)
        {
            case "opportunity_opened":
                Stage = data.GetProperty("stage").GetString()!;
                return [];
            case "opportunity_changed":
                foreach (var member in (string[])["product", "competitor", "source"])
                {
                    _ = data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && known.Add(member);
                }

                foreach (var cleared in List(data, "cleared"))
                {
                    known.Remove(cleared.GetString()!);
                }

                return [];
            case "opportunity_touched":
                if (data.GetProperty("outcome").GetString() == "agreed")
                {
                    agreed.Add(data.GetProperty("touchId").GetGuid());
                }

                return [];
            case "opportunity_stage_entered":
                var to = data.GetProperty("stage").GetString()!;
                var missing = Missing(Stages.IndexOf(to), data);
                Stage = to;
                agreed.Clear();
                return missing;
            case "opportunity_won":
                var lacking = Missing(Stages.Count, data);
                Status = "won";
                return lacking;
            case "opportunity_reopened":
                IReadOnlyList<string> wrong = Status == "open" ? ["closed"] : [];
                Status = "open";
                return wrong;
            default:
                return [];
        }
    }

    private IReadOnlyList<string> Missing(int target, JsonElement data)
    {
        if (Status != "open")
        {
            return ["open"];
        }

        var missing = new List<string>();
        var from = Stages.IndexOf(Stage);
        for (var at = from; at < target; at++)
        {
            // What has to come in a stage never came in one that was skipped.
            missing.AddRange(at switch
            {
                0 => Unknown("product"),
                1 => at == from && agreed.Count > 0 ? [] : ["meeting"],
                _ => []
            });
            missing.AddRange(at + 1 == 2 ? Unknown("competitor") : at + 1 == 3 ? Unknown("source") : []);
        }

        // What it names was there, and came while it was.
        foreach (var passed in target > from && from == 1 ? List(data, "passed") : [])
        {
            if (passed.GetProperty("evidence") is var evidence && evidence.TryGetProperty("touchId", out var touch)
                && touch.ValueKind == JsonValueKind.String && !agreed.Contains(touch.GetGuid()))
            {
                missing.Add("touch");
            }
        }

        return missing;
    }

    private IReadOnlyList<string> Unknown(string member) => known.Contains(member) ? [] : [member];

    private static IEnumerable<JsonElement> List(JsonElement data, string member) =>
        data.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
