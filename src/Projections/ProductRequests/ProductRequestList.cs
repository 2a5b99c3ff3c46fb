using Crm.Domain.ProductRequests;
using Crm.EventModel;

namespace Crm.Projections.ProductRequests;

/// <summary>The pool of what customers want of products, as it stands, and as it stood at any moment.</summary>
public sealed class ProductRequestList : ReadModel<ProductRequestList.Row>
{
    /// <param name="RaisedAt">Null while there are only facts dated before that; such a row is not listed.</param>
    /// <param name="State"><c>open</c>, <c>planned</c>, <c>done</c> or <c>declined</c>.</param>
    /// <param name="StateSince">When that was said; when it was raised, while nothing was.</param>
    /// <param name="CustomerIds">Who wants it, first who wanted it first.</param>
    /// <param name="CustomerCount">How many that are.</param>
    /// <param name="Text">What the first of them said; sealed.</param>
    public sealed record Row(
        Guid RequestId, DateTimeOffset? RaisedAt, string? Product, string? Title, string State, DateTimeOffset? StateSince, string? Reason,
        IReadOnlyList<string> CustomerIds, int CustomerCount, string? Rep, string? Text);

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Text)];

    public override string Name => "product_request_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IProductRequestEvent);

    /// <summary>What is to be done of a product.</summary>
    public override IReadOnlyList<string> Indexes => ["product, state"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var request = row ?? new Row(e.StreamId, null, null, null, "open", null, null, [], 0, null, null);
        return e.Data switch
        {
            ProductRequestRaised x => Asked(request with
            {
                RaisedAt = e.OccurredAt,
                Product = x.Product,
                Title = x.Title,
                StateSince = request.StateSince ?? e.OccurredAt,
                Rep = x.Rep,
                Text = x.Text?.Sealed
            }, x.CustomerId),
            ProductRequestJoined x => Asked(request, x.CustomerId),
            ProductRequestStateSet x => request with
            {
                State = x.State.ToString().ToLowerInvariant(),
                StateSince = e.OccurredAt,
                Reason = x.Reason
            },
            _ => row
        };
    }

    private static Row Asked(Row row, Guid customer) => row.CustomerIds.Contains(customer.ToString())
        ? row : row with { CustomerIds = [.. row.CustomerIds, customer.ToString()], CustomerCount = row.CustomerCount + 1 };
}
