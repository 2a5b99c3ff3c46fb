namespace Crm.Domain.Conditions;

/// <summary>Operators as they are written: <c>startsWith</c>.</summary>
public static class Spelling
{
    private static readonly Dictionary<string, Operator> Operators = Enum.GetValues<Operator>().ToDictionary(Of);

    public static IEnumerable<string> All => Operators.Keys;

    public static string Of(Operator @operator)
    {
        var name = @operator.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static Operator? Operator(string word) => Operators.TryGetValue(word, out var found) ? found : null;
}
