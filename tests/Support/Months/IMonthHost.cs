using System.Text.Json;

namespace Crm.Support.Months;

/// <summary>The product, however many programs it is, over a store whose clock can be moved.</summary>
public interface IMonthHost
{
    /// <summary>Lets the store's clock go on to a moment; all programs know it then.</summary>
    Task Move(DateTimeOffset to);

    /// <summary>Lets a little of it go by.</summary>
    Task Pass(TimeSpan time);

    /// <summary>Waits until all that is due or follows from what was said is done, and read models show it.</summary>
    Task Settle();

    /// <param name="who">A member, or <c>admin</c>.</param>
    /// <param name="body">Null to ask; otherwise it is said.</param>
    /// <returns>The body of an answer that is well.</returns>
    Task<JsonElement> Say(string who, string method, string path, object? body = null);

    /// <summary>From now on the member comes in with a key.</summary>
    void Know(string member, string key);

    /// <summary>Whether a member's key opens nothing any more, of no program.</summary>
    Task<bool> IsShutOut(string member);
}
