namespace Crm.Domain.Forms;

/// <summary>A form on a web page, by which anybody can become a lead without logging in.</summary>
public sealed record Form
{
    public static readonly Form None = new();

    /// <summary>As it was published, with everything that was changed since; null while there is none.</summary>
    public FormPublished? Details { get; private init; }

    public bool IsRetired { get; private init; }

    public static Form Evolve(Form state, IFormEvent @event) => @event switch
    {
        FormPublished e => state with { Details = e },
        FormChanged e => state with { Details = e.Over(state.Details ?? new FormPublished("", "", [], PerMinute: 0, "")) },
        FormRetired => state with { IsRetired = true },
        _ => state
    };
}
