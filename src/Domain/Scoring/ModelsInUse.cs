using System.Collections.Immutable;

namespace Crm.Domain.Scoring;

public enum ModelUse { Active, Shadow, Retired }

/// <summary>
/// Which models of a tenant are, were and will be in use. It is one stream a tenant, so that one active model and one shadow at a time need
/// no agreement between streams.
/// </summary>
public sealed record ModelsInUse
{
    public static readonly ModelsInUse None = new();

    /// <summary>In the order in which they were said.</summary>
    public ImmutableList<(Guid Model, ModelUse Use, DateTimeOffset From)> Turns { get; private init; } = [];

    public static ModelsInUse Evolve(ModelsInUse state, IScoringEvent @event) => @event switch
    {
        ScoreModelActivated e => state.With(e.Model, ModelUse.Active, e.From),
        ScoreModelShadowed e => state.With(e.Model, ModelUse.Shadow, e.From),
        ScoreModelRetired e => state.WithoutThoseToCome(e.Model, e.From).With(e.Model, ModelUse.Retired, e.From),
        _ => state
    };

    /// <summary>Which are in use at a moment. Of two turns from the same moment the later one counts.</summary>
    public (Guid? Active, Guid? Shadow) At(DateTimeOffset moment)
    {
        (Guid? Active, Guid? Shadow) used = default;
        foreach (var (model, use, _) in Turns.Where(turn => turn.From <= moment).OrderBy(turn => turn.From))
        {
            // One model has one use at a time.
            used = (used.Active == model ? null : used.Active, used.Shadow == model ? null : used.Shadow);
            used = use switch { ModelUse.Active => (model, used.Shadow), ModelUse.Shadow => (used.Active, model), _ => used };
        }

        return used;
    }

    /// <summary><c>trained</c>, <c>to-come</c>, <c>active</c>, <c>shadow</c>, or <c>retired</c>: it was in use, or shall not be.</summary>
    public string StateOf(Guid model, DateTimeOffset now) =>
        At(now) is var (active, shadow) && active == model ? "active"
        : shadow == model ? "shadow"
        : Turns.Exists(turn => turn.Model == model && turn.From > now) ? "to-come"
        : Turns.Exists(turn => turn.Model == model) ? "retired" : "trained";

    private ModelsInUse WithoutThoseToCome(Guid model, DateTimeOffset now) =>
        this with { Turns = Turns.RemoveAll(turn => turn.Model == model && turn.From > now) };

    private ModelsInUse With(Guid model, ModelUse use, DateTimeOffset from) => this with { Turns = Turns.Add((model, use, from)) };
}
