namespace Crm.Support.Months;

public sealed record MonthRep(string Name, string Superior, string Region, int Capacity, OfficeHours Hours);

/// <summary>A rule of assignment, as a playbook says it and as a plain question.</summary>
public sealed record MonthRule(
    string Key, Func<MonthLead, bool> Holds, object? When = null, IReadOnlyList<string>? Reps = null, bool ByRegion = false,
    bool LeastLoaded = false, bool OnlyAtWork = false);

/// <summary>A version of the playbook, and what it means.</summary>
/// <param name="From">When it comes into force.</param>
/// <param name="In">In which hours a first response is counted.</param>
public sealed record MonthRules(long Version, DateTime From, IReadOnlyList<MonthRule> Rules, TimeSpan Due, TimeSpan Remind, OfficeHours In)
{
    public const int Rounds = 3;
    public const int SilenceSteps = 2;
    public const string HeldBack = "unverified";

    private const int SilenceWorkdays = 3;

    public static readonly IReadOnlyList<MonthRep> Reps =
    [
        new("li", "qian", "East", 31, OfficeHours.Usual),
        new("wang", "qian", "East", 22, OfficeHours.Usual),
        new("zhao", "qian", "East", 20, OfficeHours.Late),
        new("sun", "qian", "East", 25, OfficeHours.Usual),
        new("zhou", "he", "South", 28, OfficeHours.Usual),
        new("wu", "he", "South", 21, OfficeHours.Usual),
        new("zheng", "he", "South", 20, OfficeHours.Usual),
        new("feng", "he", "South", 22, OfficeHours.Late),
        new("han", "he", "North", 25, OfficeHours.Usual),
        new("yang", "he", "North", 20, OfficeHours.Usual),
        new("zhu", "he", "North", 22, OfficeHours.Usual),
        new("qin", "he", "North", 21, OfficeHours.Late)
    ];

    /// <summary>Who is above whom, reps and superiors.</summary>
    public static readonly IReadOnlyDictionary<string, string> Superiors =
        Reps.ToDictionary(rep => rep.Name, rep => rep.Superior).Concat([new("qian", "jin"), new("he", "jin")]).ToDictionary();

    public static readonly IReadOnlyList<string> People = [.. Reps.Select(rep => rep.Name), "qian", "he", "jin"];

    private static readonly MonthRule Fair = new(
        "fair", lead => lead.Source == "fair", Is("source", "fair"), ["li", "zhou", "han", "wu"], LeastLoaded: true, OnlyAtWork: true);
    private static readonly MonthRule Region = new("region", _ => true, ByRegion: true);
    private static readonly MonthRule Rest = new(
        "rest", lead => lead.Region == "West", Is("region", "West"), ["yang", "zhu", "qin"], LeastLoaded: true);

    public static MonthRules First { get; } = new(
        1, DateTime.MinValue, [Fair, Region], TimeSpan.FromMinutes(1440), TimeSpan.FromMinutes(1200), OfficeHours.WholeDays);

    /// <summary>The rules in another order, one more for those whom nobody knew, and a response in hours.</summary>
    public static MonthRules Second { get; } = new(
        2, MonthDays.At(15, 10, 41), [Region, Fair, Rest], TimeSpan.FromMinutes(240), TimeSpan.FromMinutes(170), OfficeHours.Usual);

    public object Document => new
    {
        name = $"Rules {Version}",
        calendars = ((OfficeHours[])[OfficeHours.Usual, OfficeHours.Late]).Select(hours => new
        {
            key = hours.Key,
            zone = MonthDays.Zone,
            workdays = new[] { "monday", "tuesday", "wednesday", "thursday", "friday" },
            hours = hours.Hours.Select(span => new { from = span.From.ToString("hh\\:mm"), to = span.To.ToString("hh\\:mm") }),
            holidays = MonthDays.Holidays,
            extraWorkdays = MonthDays.ExtraWorkdays
        }),
        reps = People.Select(person => Reps.FirstOrDefault(rep => rep.Name == person) is { } rep
            ? (object)new
            {
                rep = person,
                superior = rep.Superior,
                regions = new[] { rep.Region },
                capacity = rep.Capacity,
                calendar = rep.Hours.Key
            }
            : new { rep = person, superior = Superiors.GetValueOrDefault(person), takesLeads = false }),
        assignment = new
        {
            rules = Rules.Select(rule => new
            {
                key = rule.Key,
                name = rule.Key,
                when = rule.When,
                reps = rule.Reps,
                match = rule.ByRegion ? new[] { "region" } : null,
                by = rule.LeastLoaded ? "least-loaded" : "round-robin",
                onlyAtWork = rule.OnlyAtWork
            }),
            heldBack = Is("campaign", HeldBack),
            firstTask = new { kind = "first-call", title = "首次电话跟进" }
        },
        clocks = new
        {
            calendar = OfficeHours.Usual.Key,
            firstResponse = new
            {
                dueMinutes = Due.TotalMinutes,
                remindMinutes = Remind.TotalMinutes,
                counting = In == OfficeHours.WholeDays ? "workdays" : "open-hours",
                rounds = Rounds
            },
            silence = new { workdays = SilenceWorkdays, steps = SilenceSteps }
        }
    };

    public static DateTime SilentAfter(DateTime at) => OfficeHours.WholeDays.After(at, TimeSpan.FromDays(SilenceWorkdays));

    public static IReadOnlyList<string> Above(string rep)
    {
        var above = new List<string>();
        for (var next = Superiors.GetValueOrDefault(rep); next is not null; next = Superiors.GetValueOrDefault(next))
        {
            above.Add(next);
        }

        return above;
    }

    private static object Is(string field, string value) => new { field, @operator = "eq", value };
}
