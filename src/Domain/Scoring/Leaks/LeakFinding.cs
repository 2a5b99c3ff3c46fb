namespace Crm.Domain.Scoring.Leaks;

/// <summary>A field that seems to know the outcome rather than to foretell it.</summary>
/// <param name="IsLeftOut">It is not learned from. Otherwise it is, until a person decides.</param>
/// <param name="Leads">How many leads the finding is about.</param>
/// <param name="Figure">Of late fields the share of leads in which they were late; of one that says much alone its ROC-AUC; otherwise the
/// share that converted.</param>
/// <param name="Says">In English, with the figures.</param>
public sealed record LeakFinding(string Field, LeakKind Kind, bool IsLeftOut, int Leads, decimal Figure, string Says);

/// <summary>What gives a field away.</summary>
public enum LeakKind
{
    /// <summary>Mostly filled, or changed, when the outcome was known.</summary>
    Late,

    /// <summary>So now and then.</summary>
    SometimesLate,

    /// <summary>It foretells the outcome alone.</summary>
    SaysMuchAlone,

    /// <summary>Nearly all leads of one of its values, or of a range, have one outcome.</summary>
    PinnedByValue,

    /// <summary>Whether it is filled says the outcome.</summary>
    PinnedByPresence
}
