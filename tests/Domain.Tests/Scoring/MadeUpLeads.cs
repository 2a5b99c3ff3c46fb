using System.Globalization;
using Crm.Domain.Scoring;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Tests.Scoring;

/// <summary>Lead files that were never real, of which one knows what decided.</summary>
/// <param name="Truth">Of each lead the features that its outcome was drawn by.</param>
internal sealed record MadeUpLeads(ExampleTable Table, double[][] Truth)
{
    /// <summary>Machine builders after a fair: about 3 in 100 become customers.</summary>
    public static MadeUpLeads Machines(int leads, int seed) => Make(leads, seed, lead =>
    {
        var (size, days) = (lead.Normal(), lead.Number(120));
        var land = lead.OneOf("de", "de", "de", "AT", "ch", "fr", "it", "pl");
        var stand = lead.OneOf("walk-in", "appointment", "badge scan", "badge scan");
        var (hasTurnover, wantsQuote) = (lead.Chance(0.8), lead.Chance(0.15));
        lead.Text("Land", land == "de" && lead.Chance(0.1) ? " DE" : land);
        lead.Text("Stand contact", stand);
        lead.Text("Turnover kEUR", hasTurnover ? PortableMath.Exp(7 + size).ToString("0.0", CultureInfo.InvariantCulture) : "n/a");
        lead.Text("Days since fair", lead.Chance(0.05) ? null : $"{days}");
        lead.Text("Quote wanted", wantsQuote ? "yes" : "no");
        lead.Text("Badge", $"B-{lead.Number(1_000_000_000)}");
        lead.Text("Hall", $"{1 + lead.Number(9)}");
        lead.Text("Scanned by", lead.Chance(0.4) ? null : $"staff {lead.Number(60)}");
        lead.Text("Street number", $"{1 + lead.Number(300)}");
        lead.Text("Newsletter", lead.OneOf("yes", "No", "no"));
        return
        [
            hasTurnover ? size : 0, hasTurnover ? 1 : 0, stand == "appointment" ? 1 : 0, land == "ch" ? 1 : 0, land == "pl" ? 1 : 0,
            days / 100d, wantsQuote ? 1 : 0
        ];
    }, -4.4, 0.9, 0.4, 1.2, 0.8, -0.7, -1.5, 1.5);

    /// <summary>Visitors of a web shop for laboratories: about 40 in 100 buy.</summary>
    public static MadeUpLeads Laboratories(int leads, int seed) => Make(leads, seed, lead =>
    {
        var (seconds, downloads) = (lead.Chance(0.3) ? 0 : PortableMath.Exp(4 + lead.Normal()), lead.Number(6));
        var (field, source) = (lead.OneOf("生物", "化学", "食品", "环境", "请选择"), lead.OneOf("搜索", "展会", "老客户", "WeChat", "wechat"));
        lead.Text("行业", field);
        lead.Text("来源", source);
        lead.Text("停留秒数", Math.Round(seconds).ToString(CultureInfo.InvariantCulture));
        lead.Text("下载次数", $"{downloads}");
        lead.Text("员工数", lead.Chance(0.5) ? "" : $"{1 + lead.Number(4_000)}");
        lead.Text("城市", $"城市{lead.Number(400)}");
        lead.Text("语言", lead.OneOf("zh", "zh", "en"));
        return
        [
            seconds == 0 ? 0 : PortableMath.Log(seconds) - 4, seconds == 0 ? 1 : 0, downloads,
            field == "生物" ? 1 : 0, field == "请选择" ? 1 : 0, source == "老客户" ? 1 : 0, source is "WeChat" or "wechat" ? 1 : 0
        ];
    }, -1.4, 0.5, -0.8, 0.35, 0.9, -0.9, 1.6, -0.5);

    private static MadeUpLeads Make(int leads, int seed, Func<Lead, double[]> make, double intercept, params double[] weights)
    {
        var chance = new Random(seed);
        List<Lead> made = [.. Enumerable.Range(0, leads).Select(_ => new Lead(chance))];
        double[][] truth = [.. made.Select(make)];
        double[] logOdds = [.. truth.Select(features => intercept + features.Select((x, k) => x * weights[k]).Sum())];
        bool[] outcomes = [.. logOdds.Select(x => chance.NextDouble() < 1 / (1 + PortableMath.Exp(-x)))];
        var columns = made[0].Values.Keys.Select(name => new ExampleColumn(name, [.. made.Select(lead => lead.Values[name])]));
        return new(new([.. columns], outcomes), truth);
    }

    private sealed class Lead(Random chance)
    {
        public Dictionary<string, string?> Values { get; } = [];

        public void Text(string column, string? value) => Values.Add(column, value);

        public bool Chance(double share) => chance.NextDouble() < share;

        public int Number(int below) => chance.Next(below);

        public string OneOf(params string[] values) => values[chance.Next(values.Length)];

        // Near enough to a normal distribution.
        public double Normal() => Enumerable.Range(0, 12).Sum(_ => chance.NextDouble()) - 6;
    }
}
