using System.Globalization;

namespace Crm.Domain.Activities;

/// <summary>A place on the earth, in degrees of WGS 84 to six decimals, which is a tenth of a metre.</summary>
/// <param name="Latitude">From -90 in the south to 90 in the north.</param>
/// <param name="Longitude">From -180 in the west to 180 in the east.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    private const int Decimals = 6;

    // The mean radius of GRS 80, (2a + b) / 3. Moritz, "Geodetic Reference System 1980", Journal of Geodesy 74 (2000), 128-133.
    private const double EarthRadius = 6_371_008.8;

    /// <summary>The place as it is kept.</summary>
    public GeoPoint Rounded => new(Math.Round(Latitude, Decimals), Math.Round(Longitude, Decimals));

    /// <summary>
    /// How far it is along the surface, in metres, by the haversine formula: hav(d / r) = hav(φ₂ - φ₁) + cos φ₁ cos φ₂ hav(λ₂ - λ₁), which
    /// loses no digits where places lie close together. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), 159. That the
    /// earth is no sphere makes at most half a hundredth.
    /// </summary>
    public double MetresTo(GeoPoint other)
    {
        var hav = Haversine(other.Latitude - Latitude)
            + Math.Cos(Radians(Latitude)) * Math.Cos(Radians(other.Latitude)) * Haversine(other.Longitude - Longitude);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(hav)));
    }

    /// <summary>Written as <c>31.230400,121.473700</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Latitude:F6},{Longitude:F6}");

    /// <summary>What <see cref="ToString"/> wrote; null where it is nothing of the kind.</summary>
    public static GeoPoint? Read(string? text) =>
        text?.Split(',') is [var latitude, var longitude] && Degrees(latitude) is { } north && Degrees(longitude) is { } east
            ? new(north, east) : null;

    private static double Haversine(double degrees) => Math.Pow(Math.Sin(Radians(degrees) / 2), 2);

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double? Degrees(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : null;
}
