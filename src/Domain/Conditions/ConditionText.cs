namespace Crm.Domain.Conditions;

/// <summary>
/// Conditions in one line, all of which must hold: <c>amount>=1000,region in (East,West),name~"Acme, Ltd",rep is null</c>. A value with
/// a character that means something here stands in double quotes, in which <c>\"</c> and <c>\\</c> are a quote and a backslash.
/// </summary>
public static class ConditionText
{
    private const string Special = ",\"()<>=~!^\\";

    private static readonly (string Sign, Operator Operator)[] Signs =
    [
        (">=", Operator.Gte), ("<=", Operator.Lte), ("!=", Operator.Ne), (">", Operator.Gt), ("<", Operator.Lt), ("=", Operator.Eq),
        ("~", Operator.Contains), ("^", Operator.StartsWith)
    ];

    /// <summary>The condition; null when the reading has found faults.</summary>
    public static Condition? Read(string text, ConditionReading reading)
    {
        var parts = new List<Condition?>();
        var scan = new Scan(text);
        try
        {
            do
            {
                if (!reading.Counts(scan.Here))
                {
                    return null;
                }

                parts.Add(Test(scan, reading));
            }
            while (scan.Takes(","));
            scan.MustEnd();
        }
        catch (UnreadableException unreadable)
        {
            reading.Wrong(scan.Here, ConditionError.BadFilter, unreadable.Message);
            return null;
        }

        return parts.Contains(null) ? null : parts is [var only] ? only : new Condition.All(parts!);
    }

    private static Condition.Test? Test(Scan scan, ConditionReading reading)
    {
        var at = scan.Here;
        var field = reading.Field(at, scan.Name());
        at = scan.Here;
        var (op, values) = Comparison(scan);
        if (field is null || !reading.Suits(at, field, op))
        {
            return null;
        }

        return op == Operator.IsNull ? new Condition.Test(field, op, [values[0].Value.Text == "true"])
            : reading.Values(at, field, values) is { } read ? new Condition.Test(field, op, read)
            : null;
    }

    private static (Operator, IReadOnlyList<(string Where, WrittenValue Value)>) Comparison(Scan scan)
    {
        foreach (var (sign, op) in Signs)
        {
            if (scan.Takes(sign))
            {
                return (op, [scan.Value()]);
            }
        }

        if (scan.TakesWord("in"))
        {
            return (Operator.In, scan.List());
        }

        if (scan.TakesWord("has"))
        {
            return (Operator.Has, [scan.Value()]);
        }

        if (scan.TakesWord("is"))
        {
            var isNull = !scan.TakesWord("not");
            return scan.TakesWord("null")
                ? (Operator.IsNull, [(scan.Here, new WrittenValue(isNull ? "true" : "false", WrittenForm.Word))])
                : throw new UnreadableException("After 'is' comes 'null' or 'not null'.");
        }

        throw new UnreadableException("Here one of = != > >= < <= ~ (contains) ^ (starts with), in (…), has, is null or is not null should stand.");
    }

    private sealed class UnreadableException(string message) : Exception(message);

    private sealed class Scan(string text)
    {
        private int at;

        /// <summary>Counted from 1, as people count.</summary>
        public string Here
        {
            get
            {
                SkipSpace();
                return $"character {at + 1}";
            }
        }

        public bool Takes(string sign)
        {
            SkipSpace();
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0)
            {
                return false;
            }

            at += sign.Length;
            return true;
        }

        public bool TakesWord(string word)
        {
            var before = at;
            if (Takes(word) && (at == text.Length || !char.IsAsciiLetterOrDigit(text[at])))
            {
                return true;
            }

            at = before;
            return false;
        }

        public string Name()
        {
            SkipSpace();
            var from = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || (text[at] == '.' && at > from)))
            {
                at++;
            }

            return at > from ? text[from..at] : throw new UnreadableException("Here the name of a field should stand.");
        }

        public IReadOnlyList<(string, WrittenValue)> List()
        {
            if (!Takes("("))
            {
                throw new UnreadableException("After 'in' comes a list in brackets: in (East,West).");
            }

            var values = new List<(string, WrittenValue)>();
            do
            {
                values.Add(Value());
            }
            while (Takes(","));
            return Takes(")") ? values : throw new UnreadableException("Here ) or a comma should stand.");
        }

        public (string, WrittenValue) Value()
        {
            var here = Here;
            return (here, new WrittenValue(Takes("\"") ? Quoted() : Bare(), WrittenForm.Word));
        }

        public void MustEnd()
        {
            SkipSpace();
            if (at < text.Length)
            {
                throw new UnreadableException("Here a comma or the end should stand; a value with such a character goes in double quotes.");
            }
        }

        private string Bare()
        {
            var from = at;
            while (at < text.Length && !Special.Contains(text[at]))
            {
                at++;
            }

            return text[from..at].Trim() is { Length: > 0 } value ? value : throw new UnreadableException("Here a value should stand; an empty one is asked for with 'is null'.");
        }

        private string Quoted()
        {
            var value = new System.Text.StringBuilder();
            for (; at < text.Length; at++)
            {
                if (text[at] == '"')
                {
                    at++;
                    return value.ToString();
                }

                if (text[at] == '\\' && at + 1 < text.Length)
                {
                    at++;
                }

                value.Append(text[at]);
            }

            throw new UnreadableException("The double quote is not closed.");
        }

        private void SkipSpace()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }
    }
}
