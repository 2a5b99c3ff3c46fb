using Crm.Domain.Conditions;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Leads;

/// <summary>What lists and figures ask of leads, in the same words.</summary>
internal static class LeadIs
{
    /// <summary>Fields that <see cref="Silent"/> rests on.</summary>
    public static readonly IReadOnlyList<string> SilentBy = ["status", "advancedAt"];

    /// <summary>Neither qualified nor set aside, and business.</summary>
    public static readonly Condition Open =
        new Condition.All([Test("status", Operator.In, "new", "assigned"), Test("flag", Operator.IsNull, true)]);

    public static readonly Condition Touched = new Condition.All([Open, Test("advancedAt", Operator.IsNull, false)]);

    /// <summary>Open, touched, and nothing has come of it for more than so many times 24 hours.</summary>
    public static Condition Silent(DateTimeOffset at, int days) =>
        new Condition.All([Open, Test("advancedAt", Operator.Lt, at.AddDays(-days))]);

    private static Condition.Test Test(string field, Operator @operator, params object[] values) =>
        new(LeadAnswer.List.Fields[field].Field, @operator, values);
}
