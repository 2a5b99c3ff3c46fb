namespace Crm.Api.Http;

/// <summary>A record with something to say about its members taken together, once each of them is right by itself.</summary>
public interface IChecked
{
    /// <summary>What is wrong: the member's name as sent, a code, and what would be right.</summary>
    IEnumerable<(string Member, string Code, string Message)> Check();
}
