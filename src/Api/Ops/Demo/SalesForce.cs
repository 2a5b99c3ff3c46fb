namespace Crm.Api.Ops.Demo;

/// <summary>Somebody who sells.</summary>
/// <param name="Skill">1 is the average; who has more loses less and is faster.</param>
internal sealed record Rep(string Id, string Team, string Region, double Skill);

/// <summary>A region, and who sells there in two teams.</summary>
/// <param name="Weight">Its share of the business.</param>
internal sealed record SalesRegion(string Region, string Team, double Weight, IReadOnlyList<string> Reps)
{
    public string TeamOf(int rep) => $"{Team} {1 + (2 * rep / Reps.Count)}";
}

/// <summary>Forty reps in six regions, and the day on which one team is given to another region.</summary>
internal sealed class SalesForce
{
    private const string MovedTeam = "西部 2";
    private const string MovedTo = "华南 3";

    public static readonly IReadOnlyList<SalesRegion> Regions =
    [
        new("East", "华东", 0.26, ["li.na", "wang.lei", "zhou.jie", "xu.min", "sun.yang", "hu.tao", "zhu.li"]),
        new("North", "华北", 0.20, ["chen.jing", "gao.feng", "liu.yan", "ma.chao", "guo.jing", "he.wei", "luo.fang"]),
        new("South", "华南", 0.22, ["zhao.min", "huang.ying", "lin.tao", "wu.xia", "ye.qing", "liang.bo", "deng.rui"]),
        new("West", "西部", 0.12, ["yang.fan", "tang.hao", "feng.lan", "cao.yi", "peng.fei", "xie.na"]),
        new("Nordics", "Nordics", 0.11, ["e.sorensen", "a.virtanen", "k.lindqvist", "m.dahl", "s.nystrom", "i.halvorsen", "j.ekman"]),
        new("Alps", "Alps", 0.09, ["m.rossi", "h.gruber", "c.favre", "l.keller", "g.moretti", "f.steiner"])
    ];

    private readonly Dictionary<string, Rep[]> reps = [];

    public SalesForce(Random random, DateTimeOffset reorganised)
    {
        Reorganised = reorganised;
        foreach (var region in Regions)
        {
            reps[region.Region] = [.. region.Reps.Select((id, i) =>
                new Rep(id, region.TeamOf(i), region.Region, Math.Round(0.75 + (0.5 * random.NextDouble()), 2)))];
        }
    }

    public DateTimeOffset Reorganised { get; }

    public Rep Any(Random random)
    {
        var dice = random.NextDouble();
        foreach (var region in Regions)
        {
            dice -= region.Weight;
            if (dice < 0)
            {
                return SampleNames.Pick(reps[region.Region], random);
            }
        }

        return reps["East"][0];
    }

    public static bool Moves(Rep rep) => rep.Team == MovedTeam;

    /// <summary>Every team as it stands in the end: in which region's, and who is in it. Nobody is left in the one that was moved.</summary>
    public static IEnumerable<(string Team, string Region, IReadOnlyList<string> Reps)> Teams()
    {
        var teams = Regions.SelectMany(region => region.Reps.Select((rep, i) => (Rep: rep, Team: region.TeamOf(i), Region: region.Team)))
            .GroupBy(r => (r.Team, r.Region), r => r.Rep).ToList();
        return teams.Select(team => (team.Key.Team, team.Key.Region, (IReadOnlyList<string>)(team.Key.Team == MovedTeam ? [] : [.. team])))
            .Append((MovedTo, "华南", [.. teams.Single(team => team.Key.Team == MovedTeam)]));
    }

    /// <summary>Where a rep stands at a moment: the moved team belongs to the South from the day of the re-organisation.</summary>
    public (string Team, string Region) PlaceOf(Rep rep, DateTimeOffset at) =>
        Moves(rep) && at >= Reorganised ? (MovedTo, "South") : (rep.Team, rep.Region);
}
