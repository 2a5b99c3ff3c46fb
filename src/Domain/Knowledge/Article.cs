namespace Crm.Domain.Knowledge;

/// <summary>What somebody wrote for others, as it reads now.</summary>
public sealed record Article
{
    public static readonly Article None = new();

    /// <summary>As it was written, with everything that was revised since.</summary>
    public ArticleWritten? Written { get; private init; }

    /// <summary>How often it was written or revised: by this others cite it.</summary>
    public int Revision { get; private init; }

    public ArticleRetired? Retired { get; private init; }

    public static Article Evolve(Article state, IArticleEvent @event) => @event switch
    {
        ArticleWritten e => state with { Written = e, Revision = state.Revision + 1 },
        ArticleRevised e => state with
        {
            Written = state.Written is { } written ? e.Over(written) : null,
            Revision = state.Revision + 1
        },
        ArticleRetired e => state with { Retired = e },
        _ => state
    };
}
