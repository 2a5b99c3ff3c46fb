using Crm.Domain.Forecasting.Factors;

namespace Crm.Domain.Forecasting;

/// <summary>What a run knows of the log, as of its manifest's moment and position.</summary>
/// <param name="Deals">All opportunities of the tenant, decided ones too.</param>
public sealed record ForecastKnown(IReadOnlyList<ForecastDeal> Deals)
{
    /// <summary>What factors are told of those that are open; of one that is not there nothing is known.</summary>
    public IReadOnlyList<DealSigns> Signs { get; init; } = [];

    /// <summary>Of each data source that is asked the reading in use; one that has none yet is not among them.</summary>
    public IReadOnlyList<SourceReading> Readings { get; init; } = [];
}

/// <summary>A way to forecast. One that has been used stays as it is for ever: another way is another version.</summary>
public interface IForecastEngine
{
    /// <summary>Such as <c>stage-weighted/1</c>.</summary>
    string Version { get; }

    /// <summary>Whether it asks for <see cref="ForecastKnown.Signs"/>.</summary>
    bool AsksForSigns => false;

    /// <summary>What history teaches, before any single opportunity is looked at.</summary>
    IForecastModel Learn(ForecastManifest manifest, ForecastKnown known);

    /// <summary>A pure function: the same manifest and facts give the same result, in whichever order they come.</summary>
    ForecastResult Run(ForecastManifest manifest, ForecastKnown known);
}

/// <summary>What was learned once: it can be asked of any opportunity, also of one that never was so.</summary>
public interface IForecastModel
{
    /// <param name="manifest">Whose span, day and settings hold; what was learned stays what it is.</param>
    ForecastGiven Give(ForecastManifest manifest, ForecastDeal deal);
}

/// <summary>What an opportunity gives, or why nothing.</summary>
/// <param name="Contribution">Null where it gives nothing.</param>
public readonly record struct ForecastGiven(ForecastContribution? Contribution, NotGiven Why)
{
    public static implicit operator ForecastGiven(NotGiven why) => new(Contribution: null, why);

    public static implicit operator ForecastGiven(ForecastContribution contribution) => new(contribution, NotGiven.No);
}

/// <summary>Why an opportunity is not in the figures.</summary>
public enum NotGiven
{
    /// <summary>It is.</summary>
    No,

    /// <summary>It is not open, was never opened, or is a test or junk.</summary>
    NoBusiness,

    /// <summary>Nobody asked for it.</summary>
    OutOfScope,

    OtherCurrency,

    /// <summary>Thought to be decided outside of the span.</summary>
    OtherTime,

    /// <summary>Nobody expects it on any day, and too few were won to tell.</summary>
    Undated
}

/// <summary>All engines that ever were in use.</summary>
public static class ForecastEngines
{
    /// <summary>That of whoever names none.</summary>
    public const string Usual = StageWeighted.Name;

    private static readonly IReadOnlyList<IForecastEngine> All = [new StageWeighted(), new FactorWeighted(), new FlowEnsemble()];

    /// <summary>Their versions, the oldest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(engine => engine.Version)];

    /// <exception cref="InvalidOperationException">This program does not have it.</exception>
    public static IForecastEngine Of(string version) => All.FirstOrDefault(engine => engine.Version == version)
        ?? throw new InvalidOperationException($"The engine {version} is not known here.");
}
