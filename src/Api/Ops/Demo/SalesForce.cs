namespace Crm.Api.Ops.Demo;

/// <summary>Somebody who sells.</summary>
/// <param name="Skill">1 is the average; who has more loses less and is faster.</param>
internal sealed record Rep(string Id, string Team, string Region, double Skill);

/// <summary>Forty reps in six regions, and the day on which one team is given to another region.</summary>
internal sealed class SalesForce
{
    private const string MovedTeam = "西部 2";

    private static readonly (string Region, string Team, double Weight, string[] Reps)[] Regions =
    [
        ("East", "华东", 0.26, ["li.na", "wang.lei", "zhou.jie", "xu.min", "sun.yang", "hu.tao", "zhu.li"]),
        ("North", "华北", 0.20, ["chen.jing", "gao.feng", "liu.yan", "ma.chao", "guo.jing", "he.wei", "luo.fang"]),
        ("South", "华南", 0.22, ["zhao.min", "huang.ying", "lin.tao", "wu.xia", "ye.qing", "liang.bo", "deng.rui"]),
        ("West", "西部", 0.12, ["yang.fan", "tang.hao", "feng.lan", "cao.yi", "peng.fei", "xie.na"]),
        ("Nordics", "Nordics", 0.11, ["e.sorensen", "a.virtanen", "k.lindqvist", "m.dahl", "s.nystrom", "i.halvorsen", "j.ekman"]),
        ("Alps", "Alps", 0.09, ["m.rossi", "h.gruber", "c.favre", "l.keller", "g.moretti", "f.steiner"])
    ];

    private readonly Dictionary<string, Rep[]> reps = [];

    public SalesForce(Random random, DateTimeOffset reorganised)
    {
        Reorganised = reorganised;
        foreach (var region in Regions)
        {
            reps[region.Region] = [.. region.Reps.Select((id, i) =>
                new Rep(id, $"{region.Team} {1 + (2 * i / region.Reps.Length)}", region.Region, Math.Round(0.75 + (0.5 * random.NextDouble()), 2)))];
        }
    }

    public DateTimeOffset Reorganised { get; }

    public Rep Any(Random random)
    {
        var dice = random.NextDouble();
        foreach (var (region, _, weight, _) in Regions)
        {
            dice -= weight;
            if (dice < 0)
            {
                return SampleNames.Pick(reps[region], random);
            }
        }

        return reps["East"][0];
    }

    public static bool Moves(Rep rep) => rep.Team == MovedTeam;

    /// <summary>Where a rep stands at a moment: the moved team belongs to the South from the day of the re-organisation.</summary>
    public (string Team, string Region) PlaceOf(Rep rep, DateTimeOffset at) =>
        Moves(rep) && at >= Reorganised ? ("华南 3", "South") : (rep.Team, rep.Region);
}
