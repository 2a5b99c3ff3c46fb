namespace Crm.Domain;

// What a member of a record that comes from outside may hold at most. Whoever reads the request keeps to it, and the API's document says it.

/// <summary>The most characters (Unicode code points) a text may have; 200 where nothing is said. On a list: each of its texts.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TextAttribute(int max) : Attribute
{
    public int Max => max;
}

/// <summary>The most items a list may have; 100 where nothing is said.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ItemsAttribute(int max) : Attribute
{
    public int Max => max;
}

/// <summary>The least and the greatest whole number, both included.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BetweenAttribute(long min, long max) : Attribute
{
    public long Min => min;

    public long Max => max;
}

/// <summary>How far from zero a coordinate of a place may lie: 90 for a latitude, 180 for a longitude.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DegreesAttribute(int most) : Attribute
{
    public int Most => most;
}
