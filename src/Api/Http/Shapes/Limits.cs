namespace Crm.Api.Http;

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

/// <summary>A record with something to say about its members taken together, once each of them is right by itself.</summary>
public interface IChecked
{
    /// <summary>What is wrong: the member's name as sent, a code, and what would be right.</summary>
    IEnumerable<(string Member, string Code, string Message)> Check();
}
