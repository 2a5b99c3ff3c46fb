using System.Text.Json.Serialization;
using Crm.Domain.Activities;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>What a gate asks for, to be read by programs as people read the words.</summary>
/// <param name="Stage">Whose gate asks for it.</param>
/// <param name="Key">As the gate names it.</param>
/// <param name="Label">Of an attachment: the label that it is to have.</param>
/// <param name="Field">Of a field: the member that is to be known, in camelCase.</param>
/// <param name="Kind">Of a touch; null for any.</param>
/// <param name="Direction">Of a touch; null for either.</param>
/// <param name="Outcome">Of a touch: what it is to have come to, word for word; null for anything.</param>
/// <param name="Near">Of a touch: true for one at the customer's address.</param>
/// <param name="Flow">Of an approval: the key of the flow by which it is to be granted.</param>
/// <param name="InStage">Whether only counts what came while it was in the stage.</param>
/// <param name="OrFlow">The key of a flow: what is granted by it stands in.</param>
/// <param name="Wanted">How many are wanted.</param>
/// <param name="There">How many serve so far; what stands in is not counted.</param>
/// <param name="Condition">Of a condition: the filter that has to hold.</param>
public sealed record GateNeed(
    string Stage, Gate Gate, string Key, GateAsk What, string? Label, string? Field, TouchKind? Kind, Direction? Direction, string? Outcome,
    bool? Near, string? Flow, bool InStage, string? OrFlow, int Wanted, int There,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UnreadCondition? Condition = null)
{
    internal static GateNeed Of(GateItem item, GateItemSection asked, int there) => new(
        item.Stage, item.Gate, asked.Key, item.Asks, asked.Attachment, asked.Field, asked.Touch?.Kind, asked.Touch?.Direction,
        asked.Touch?.Outcome, asked.Touch?.Near, asked.Approval, asked.InStage, asked.OrApproval, Wanted: 1, there, asked.Holds);
}
