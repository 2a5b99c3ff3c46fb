namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>Of what a factor is read. All but <see cref="Source"/> are told by events.</summary>
public enum FactorFrom
{
    /// <summary>How many of the roles that <c>decisionChain</c> asks for somebody at the customer has.</summary>
    DecisionChain,

    /// <summary>How many of the named attachments and approvals are there: how far a contract is, or a trial.</summary>
    Evidence,

    /// <summary>What a field of the opportunity says, such as its competitor.</summary>
    Field,

    /// <summary>How often the customer came to us by himself of late: mails, messages, downloads, forms.</summary>
    Activity,

    /// <summary>How often people met or talked of late: calls, visits, meetings.</summary>
    Engagement,

    /// <summary>How many days it has been in its stage.</summary>
    StageAge,

    /// <summary>How often its expected close was moved to a later day.</summary>
    Reschedules,

    /// <summary>How many of the named fields are known.</summary>
    Qualification,

    /// <summary>What a data source says of its customer.</summary>
    Source
}

/// <summary>Something by which an opportunity is likelier to be won than others in its stage, or less likely.</summary>
/// <param name="Key">By which contributions name it, such as <c>competitor</c>.</param>
/// <param name="Name">What people call it, such as 竞争态势.</param>
/// <param name="Weights">How much it counts, by industry.</param>
/// <param name="NeutralPercent">As good as this is neither good nor bad; what is not known counts as that.</param>
/// <param name="Low">What counts as nothing; above <paramref name="High"/> where less is better. Left out, as is usual for where
/// it is read of.</param>
/// <param name="High">What counts as all.</param>
/// <param name="Days">Of activity and engagement: of the last so many times 24 hours; left out, 30 and 60.</param>
/// <param name="Field">Of a field: <c>competitor</c>, <c>source</c>, <c>product</c> or one of the playbook's, such as
/// <c>custom.certified</c>.</param>
/// <param name="Values">Of a field with texts: how good each is.</param>
/// <param name="OtherPercent">Of a field with texts: how good any other is; left out, that says nothing.</param>
/// <param name="Fields">Of qualification: the fields that should be known.</param>
/// <param name="Labels">Of evidence: attachments with these labels.</param>
/// <param name="Flows">Of evidence: approvals that were granted by these flows.</param>
/// <param name="Source">Of a source: its key.</param>
public sealed record FactorSection(
    [Text(40)] string Key, [Text(80)] string Name, FactorFrom From, [Items(50)] IReadOnlyList<FactorWeightSection> Weights,
    [Between(1, 99)] int NeutralPercent = 50, decimal? Low = null, decimal? High = null, [Between(1, 365)] int? Days = null,
    [Text(80)] string? Field = null, [Items(100)] IReadOnlyList<FactorValueSection>? Values = null, [Between(0, 100)] int? OtherPercent = null,
    [Items(30), Text(80)] IReadOnlyList<string>? Fields = null, [Items(20), Text(80)] IReadOnlyList<string>? Labels = null,
    [Items(20), Text(40)] IReadOnlyList<string>? Flows = null, [Text(80)] string? Source = null)
{
    /// <summary>In an industry; where it has none there, that of all others; nothing where there is none either.</summary>
    public int WeightIn(string? industry) =>
        (Weights.FirstOrDefault(weight => weight.Industry == industry) ?? Weights.FirstOrDefault(weight => weight.Industry == FactorWeightSection.Others))
            ?.Percent ?? 0;

    /// <summary>The days that count, of activity and engagement.</summary>
    public int DaysBack => Days ?? (From == FactorFrom.Activity ? 30 : 60);
}

/// <param name="Percent">As a share of what all factors weigh there together.</param>
/// <param name="Industry">As customers have it; <c>*</c> for all that are not named, and for customers of whom it is not known.</param>
public sealed record FactorWeightSection([Between(0, 100)] int Percent, [Text(80)] string Industry = FactorWeightSection.Others)
{
    public const string Others = "*";
}

/// <param name="Value">What the field says, word for word.</param>
/// <param name="Percent">From 0, as bad as can be, to 100.</param>
public sealed record FactorValueSection([Text(300)] string Value, [Between(0, 100)] int Percent);

/// <summary>By which engine forecasts of a pipeline are computed.</summary>
public sealed record PipelineEngineSection([Text(80)] string Pipeline, [Text(40)] string Engine);
