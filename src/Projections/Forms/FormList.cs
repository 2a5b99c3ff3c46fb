using Crm.Domain.Forms;
using Crm.EventModel;

namespace Crm.Projections.Forms;

/// <summary>Every form as it stands, and as it stood at any moment.</summary>
public sealed class FormList : ReadModel<FormList.Row>
{
    /// <param name="Status"><c>open</c> or <c>retired</c>.</param>
    public sealed record Row(
        Guid FormId, DateTimeOffset? PublishedAt, string Status, string Name, string Source, string? Campaign, string? Product, string? Country,
        IReadOnlyList<string> Origins, int PerMinute, string Honeypot, string? Layout = null);

    public override string Name => "form_list";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IFormEvent);

    public override Row? Fold(Row? row, Recorded e)
    {
        var form = row ?? new Row(e.StreamId, null, "open", "", "", null, null, null, [], 0, "");
        return e.Data switch
        {
            FormPublished x => With(form, x) with { PublishedAt = e.OccurredAt },
            FormChanged x => With(form, x.Over(new FormPublished(
                form.Name, form.Source, form.Origins, form.PerMinute, form.Honeypot, form.Campaign, form.Product, form.Country,
                form.Layout))),
            FormRetired => form with { Status = "retired" },
            _ => row
        };
    }

    private static Row With(Row row, FormPublished form) => row with
    {
        Name = form.Name,
        Source = form.Source,
        Campaign = form.Campaign,
        Product = form.Product,
        Country = form.Country,
        Origins = form.Origins,
        PerMinute = form.PerMinute,
        Honeypot = form.Honeypot,
        Layout = form.Layout
    };
}
