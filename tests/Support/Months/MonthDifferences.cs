namespace Crm.Support.Months;

/// <summary>In what the product and the plain month differ, line by line; nothing where all is well.</summary>
public sealed class MonthDifferences(PlainMonth month, MonthTold told, IReadOnlyList<Guid> leads)
{
    private static readonly int[] DaysLookedBackOn = [6, 13, 22];

    /// <summary>All that can be told of the month when it is over, of its end and of days within.</summary>
    public async Task<IReadOnlyList<string>> AtTheEnd()
    {
        var found = (await InFacts(int.MaxValue)).ToList();
        foreach (var asOf in DaysLookedBackOn.Select(day => (DateTime?)MonthDays.At(day, 11, 47)).Append(null))
        {
            found.AddRange(await InOwners(asOf, int.MaxValue));
            var open = month.Tasks.Where(task => task.IsOpen(asOf)).Select(task => $"{task.Lead}: {task.Rep} first-call");
            found.AddRange(Between($"open tasks as of {MonthDays.Word(asOf)}", await told.Tasks(asOf), open));
        }

        foreach (var member in MonthRules.People)
        {
            var alerts = month.Alerts.Where(alert => alert.Member == member).Select(alert => $"{member} {alert.Kind} {alert.Lead}");
            found.AddRange(Between($"alerts of {member}", await told.Alerts(member), alerts));
        }

        return found;
    }

    /// <summary>In whose leads are and what became of them.</summary>
    /// <param name="upTo">The last fact of the month that has been played.</param>
    public async Task<IReadOnlyList<string>> InOwners(DateTime? asOf, int upTo) =>
        Between(
            $"as of {MonthDays.Word(asOf)}", await told.Owners(asOf), month.Leads.Select(lead => lead.Shown(asOf, upTo)).OfType<string>());

    /// <summary>In what happened to each lead, when, in what order, and why.</summary>
    public async Task<IReadOnlyList<string>> InFacts(int upTo)
    {
        var found = new List<string>();
        foreach (var lead in month.Leads.Take(leads.Count))
        {
            var facts = await told.Facts(leads[lead.Number]);
            var meant = lead.Facts.Where(fact => fact.Order <= upTo).Select(fact => fact.Words).ToList();
            if (!facts.SequenceEqual(meant))
            {
                found.AddRange([$"{lead.Key} is told:", .. facts, "and is meant:", .. meant]);
            }
        }

        return found;
    }

    /// <summary>In the rules, and their versions, by which each lead was given, as the tables for analysts have them.</summary>
    /// <param name="given">By lead: who, how, by which rule and version.</param>
    public IReadOnlyList<string> InVersions(IReadOnlyList<string> given) => Between("given", given, month.Leads
        .Select(lead => string.Join(", ", lead.Facts.Where(fact => fact.Type == "lead_assigned")
            .Select(fact => $"{fact.Rep} {fact.By} {fact.Rule ?? "-"} v{fact.Version?.ToString() ?? "-"}")))
        .Where(words => words.Length > 0));

    // What is told twice is not what is told once.
    private static IReadOnlyList<string> Between(string what, IEnumerable<string> told, IEnumerable<string> meant)
    {
        var (shown, should) = (told.CountBy(line => line).ToDictionary(), meant.CountBy(line => line).ToDictionary());
        return [.. shown.Keys.Union(should.Keys).Order(StringComparer.Ordinal)
            .Where(line => shown.GetValueOrDefault(line) != should.GetValueOrDefault(line))
            .Select(line => $"{what}: {line}: told {shown.GetValueOrDefault(line)} times, meant {should.GetValueOrDefault(line)}")];
    }
}
