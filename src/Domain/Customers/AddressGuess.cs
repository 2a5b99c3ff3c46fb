using Crm.Domain.Activities;

namespace Crm.Domain.Customers;

/// <summary>Where a customer seems to be, by where people were who said that they visited it.</summary>
/// <param name="Visits">By how many visits.</param>
/// <param name="FarthestMetres">How far the farthest of them was from it.</param>
public sealed record AddressGuess(GeoPoint Place, int Visits, int FarthestMetres)
{
    private const int Least = 3;

    // About a hundred metres: the median of three is one of them, and nobody is to be told where one person was.
    private const int Decimals = 3;

    /// <summary>
    /// The median of latitudes and that of longitudes, so that a few that were made elsewhere do not move it, each to a thousandth of a
    /// degree; null by fewer than three.
    /// Places on both sides of the 180th meridian are not told together.
    /// </summary>
    public static AddressGuess? Of(IReadOnlyCollection<GeoPoint> places)
    {
        if (places.Count < Least)
        {
            return null;
        }

        var middle = new GeoPoint(Median(places.Select(place => place.Latitude)), Median(places.Select(place => place.Longitude)));
        return new(middle, places.Count, (int)Math.Ceiling(places.Max(middle.MetresTo)));
    }

    private static double Median(IEnumerable<double> values)
    {
        var inOrder = values.Order().ToList();
        return Math.Round((inOrder[(inOrder.Count - 1) / 2] + inOrder[inOrder.Count / 2]) / 2, Decimals);
    }
}
