namespace Crm.Domain.Forecasting;

/// <summary>Why one forecast says something else than another, in the order in which it is looked at.</summary>
public enum ForecastCause
{
    /// <summary>It turned out to be a test or junk, or business after all: from the first.</summary>
    Flagged,

    /// <summary>Said after the earlier was known, of the time before its moment.</summary>
    Late,

    /// <summary>Facts that were put right or taken back since.</summary>
    Corrected,

    /// <summary>New since.</summary>
    Opened,

    /// <summary>It was closed, and is open again.</summary>
    Reopened,

    Won,

    Lost,

    /// <summary>It came to another stage, or began it anew.</summary>
    Stage,

    Amount,

    /// <summary>Its expected close is another day.</summary>
    Date,

    /// <summary>Another rep, team or region, perhaps out of the scope.</summary>
    Owner,

    /// <summary>Another customer or product, perhaps out of the scope.</summary>
    Detail,

    /// <summary>It grew older in its stage, or its day went by.</summary>
    Time,

    /// <summary>The forecasts are made for other days.</summary>
    Span,

    /// <summary>They are made of others' opportunities.</summary>
    Scope,

    /// <summary>What is known of it beside its own facts.</summary>
    Readings,

    /// <summary>What was learned from those that were decided since.</summary>
    Model,

    /// <summary>What playbooks say of forecasts.</summary>
    Settings,

    /// <summary>They are computed in different ways.</summary>
    Engine
}
