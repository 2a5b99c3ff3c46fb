using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Lists;

/// <summary>
/// Reads what is asked of a list as a question, and says all that is wrong with it. A field that the caller may not see is none, in
/// every word of the answer.
/// </summary>
/// <param name="own">The fields that the playbook in force adds.</param>
internal sealed class QuestionReader(RecordList list, Caller by, Asked asked, RecordFields own)
{
    private const int MostSortKeys = 4;
    private const int MostWords = 8;
    private const string WordsName = "q";

    private readonly Findings findings = new();
    private readonly Sight sight = by.Sight;
    private readonly Dictionary<string, ListField> fields =
        list.Fields.Values.Concat(list.Own(own)).Where(f => list.Shows(by.Sight, f)).ToDictionary(f => f.Name);

    private Place Root => asked.InBody ? Place.Body(findings) : Place.Query(findings);

    /// <exception cref="Problem">400: what is wrong.</exception>
    public Question Read(Func<DateOnly, DateTimeOffset> dayBegins)
    {
        var question = new Question(new Wanted(new Condition.All([.. Equal(), .. Unknown(), .. Known(), .. Bounds(), Filter(dayBegins)]),
            Sought()),
            Sort(), Fields(), Expand(), Passing());
        findings.ThrowIfAny();
        return question;
    }

    private List<Condition> Equal()
    {
        var conditions = new List<Condition>();
        foreach (var (parameter, name, value) in asked.Equal.Where(e => e.Value is not null))
        {
            if (Shown(parameter, name) is { } field)
            {
                object wanted = field.Field.Kind switch
                {
                    FieldKind.Id => Guid.Parse(value!),
                    FieldKind.Truth => bool.Parse(value!),
                    _ => value!
                };
                conditions.Add(new Condition.Test(field.Field, field.Field.Kind == FieldKind.Texts ? Operator.Has : Operator.Eq, [wanted]));
            }
        }

        return conditions;
    }

    private IEnumerable<Condition> Unknown() =>
        asked.Unknown.Select(unknown => unknown.Parameter is { } parameter ? Shown(parameter, unknown.Field) : list.Fields[unknown.Field])
            .OfType<ListField>().Select(field => new Condition.Test(field.Field, Operator.IsNull, [true]));

    private IEnumerable<Condition> Known() => asked.Known.Select(known => Shown(known.Parameter, known.Field))
        .OfType<ListField>().Select(field => new Condition.Test(field.Field, Operator.IsNull, [false]));

    private List<Condition> Bounds()
    {
        var conditions = new List<Condition>();
        foreach (var (parameter, name, op, moment) in asked.Bounds)
        {
            if (moment is { } bound && Shown(parameter, name) is { } field)
            {
                conditions.Add(new Condition.Test(field.Field, op, [bound.In(by.Zone)]));
            }
        }

        return conditions;
    }

    private Passing? Passing() =>
        asked.Passing is { } passing && passing.Fields.All(name => Shown(passing.Parameter, name) is not null) ? passing : null;

    private ListField? Shown(string parameter, string name)
    {
        if (fields.GetValueOrDefault(name) is { } field)
        {
            return field;
        }

        Root.Member(parameter).Wrong(Code.UnknownParameter, $"There is no parameter '{parameter}' here.");
        return null;
    }

    private Sought? Sought()
    {
        if (asked.Words is not { } text)
        {
            return null;
        }

        var searched = list.Searched.Where(field => list.Shows(sight, field)).ToList();
        if (searched.Count == 0)
        {
            Root.Member(WordsName).Wrong(Code.UnknownParameter, $"There is no parameter '{WordsName}' here.");
            return null;
        }

        var words = SearchText.Words(text);
        if (words.Count is 0 or > MostWords)
        {
            Root.Member(WordsName).Wrong(Code.BadText, $"Send one to {MostWords} words, with spaces between them.");
        }

        return new Sought(words, searched);
    }

    private Condition Filter(Func<DateOnly, DateTimeOffset> dayBegins)
    {
        var reading = new ConditionReading(new Vocabulary(fields.ToDictionary(f => f.Key, f => f.Value.Field), dayBegins));
        var condition = asked.FilterJson is { } json ? ConditionJson.Read(json, reading)
            : asked.Filter is not { } text ? Condition.Everything
            : text.StartsWith('{') ? Json(text, reading)
            : ConditionText.Read(text, reading);
        foreach (var fault in reading.Faults)
        {
            var message = fault.Name is { } name ? fault.Message + Nearest.Hint(name, fields.Keys) : fault.Message;
            findings.Add(asked.InBody
                ? Fault.InBody($"/filter{fault.Where}", ChoiceShape.Spell(fault.Error.ToString()), message)
                : Fault.InQuery("filter", ChoiceShape.Spell(fault.Error.ToString()), $"At {(fault.Where is "" ? "its beginning" : fault.Where)}: {message}"));
        }

        return condition ?? Condition.Everything;
    }

    private static Condition? Json(string text, ConditionReading reading)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            return ConditionJson.Read(json.RootElement, reading);
        }
        catch (JsonException e)
        {
            reading.Wrong($"character {e.BytePositionInLine + 1}", ConditionError.BadFilter, "A filter that begins with { is JSON, and here it stops being so.");
            return null;
        }
    }

    private List<SortKey> Sort()
    {
        var keys = new List<SortKey>();
        foreach (var (word, place) in Words("sort", asked.Sort))
        {
            var (name, descending) = word.StartsWith('-') ? (word[1..], true) : (word, false);
            if (!fields.TryGetValue(name, out var field))
            {
                Unknown(place, name, fields.Keys);
            }
            else if (field.Field.Kind == FieldKind.Texts)
            {
                place.Wrong(Code.NotOneOf, $"{name} is a list, which has no order.");
            }
            else if (keys.Exists(key => key.Field == field))
            {
                place.Wrong(Code.NotTogether, $"{name} can sort only once.");
            }
            else
            {
                keys.Add(new SortKey(field, descending));
            }
        }

        if (asked.Sort.Count > MostSortKeys)
        {
            Root.Member("sort").Wrong(Code.TooMany, $"At most {MostSortKeys} fields can sort.");
        }

        if (keys.Count == 0 && list.Shows(sight, list.Since))
        {
            keys.Add(new SortKey(list.Since, Descending: true));
        }

        // What is left after the first id has no say.
        return keys.Exists(key => key.Field == list.Id) ? keys : [.. keys, new SortKey(list.Id, keys.Count == 0 || keys[^1].Descending)];
    }

    private HashSet<string>? Fields()
    {
        if (asked.Fields is null)
        {
            return null;
        }

        var members = list.Members.Concat(list.Own(own).Select(field => field.Name))
            .Where(member => !Hiding.Hides(sight, list.Name, member)).ToHashSet();
        foreach (var (name, place) in Words("fields", asked.Fields).Where(w => !members.Contains(w.Word)))
        {
            Unknown(place, name, members);
        }

        return [.. asked.Fields];
    }

    private List<Expansion> Expand()
    {
        var found = new List<Expansion>();
        var permitted = list.Expansions.Where(e => list.Shows(sight, e.By) && by.Rights.Functions.Contains(e.Function)).ToList();
        foreach (var (name, place) in Words("expand", asked.Expand))
        {
            if (permitted.Find(e => e.Name == name) is not { } expansion)
            {
                place.Wrong(Code.NotOneOf, $"'{Place.Echo(name)}' cannot be had along.{Nearest.Hint(name, permitted.Select(e => e.Name))}");
            }
            else if (!found.Contains(expansion))
            {
                found.Add(expansion);
            }
        }

        return found;
    }

    private IEnumerable<(string Word, Place Place)> Words(string member, IReadOnlyList<string> words) =>
        words.Select((word, i) => (word, asked.InBody ? Root.Member(member).Item(i) : Root.Member(member)));

    private static void Unknown(Place place, string name, IEnumerable<string> known) =>
        place.Wrong(Code.UnknownField, $"There is no field '{Place.Echo(name)}' here.{Nearest.Hint(name, known)}");
}
