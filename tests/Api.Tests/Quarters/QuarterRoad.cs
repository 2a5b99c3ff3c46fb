namespace Crm.Api.Tests.Quarters;

/// <summary>One thing that has to be done before a deal goes on.</summary>
/// <param name="Kind">A kind of touch, <c>file</c>, <c>day</c> for the expected close, or <c>reference</c>.</param>
/// <param name="Word">What the touch came to, or the file's label.</param>
internal sealed record Duty(string Key, string Kind, string? Word = null)
{
    public object Section(bool inStage) => Kind switch
    {
        "file" => new { key = Key, name = Key, attachment = Word, inStage },
        "day" => new { key = Key, name = Key, field = "expectedClose" },
        "reference" => new { key = Key, name = Key, field = "reference" },
        _ => new { key = Key, name = Key, touch = new { kind = Kind, outcome = Word }, inStage }
    };
}

/// <param name="Before">Days that a deal stays without gates, about.</param>
/// <param name="Since">Days that it stays with them.</param>
/// <param name="Lost">The share of deals that end here.</param>
/// <param name="Stay">Days after which who stays is marked red.</param>
/// <param name="Silence">Days after which who lies still is.</param>
internal sealed record QuarterStage(string Name, Duty[] Entry, Duty[] Exit, int Before, int Since, double Lost, int? Stay = null, int? Silence = null)
{
    public object[] Limits() =>
    [
        .. Stay is { } days ? [Limit("slow", days, "stay")] : Array.Empty<object>(),
        .. Silence is { } still ? [Limit("still", still, "silence")] : Array.Empty<object>()
    ];

    private static object Limit(string key, int days, string of) => new { key, name = key, of, after = new { days }, alert = new[] { "owner" } };
}

/// <summary>The road of a made-up company, with what it asks for from one day on.</summary>
internal sealed record QuarterRoad(string Name, string[] Regions, QuarterStage[] Stages, Duty[] Win)
{
    /// <summary>A beverage company that opens shops, with six control points.</summary>
    public static readonly QuarterRoad Shops = new("门店开发", ["江苏", "浙江", "安徽"],
    [
        new("初访", [], [new("门店拜访", "visit")], Before: 4, Since: 2, Lost: 0.15),
        new("样品陈列", [], [new("陈列照片", "file", "陈列照片"), new("回访", "visit")], Before: 6, Since: 4, Lost: 0.12),
        new("方案演示", [new("预计成交", "day")], [new("会议纪要", "file", "会议纪要"), new("签字确认单", "file", "签字确认单")], Before: 9, Since: 5, Lost: 0.1),
        new("报价", [], [new("报价单", "file", "报价单")], Before: 7, Since: 5, Lost: 0.1, Stay: 5),
        new("账期谈判", [], [new("谈妥", "meeting", "谈妥")], Before: 8, Since: 6, Lost: 0.1, Stay: 7, Silence: 4),
        new("签约", [], [], Before: 4, Since: 3, Lost: 0.05)
    ],
    Win: [new("合同号", "reference"), new("合同扫描件", "file", "合同")]);

    /// <summary>A maker of machines that sells to firms.</summary>
    public static readonly QuarterRoad Firms = new("Machines", ["North", "South"],
    [
        new("Need", [], [new("first-call", "call")], Before: 8, Since: 5, Lost: 0.2),
        new("Trial", [new("close", "day")], [new("meeting", "meeting", "agreed"), new("minutes", "file", "minutes")], Before: 14, Since: 9, Lost: 0.15, Silence: 5),
        new("Quote", [], [new("quote", "file", "quote"), new("talk", "call", "answered")], Before: 12, Since: 9, Lost: 0.15, Stay: 7),
        new("Legal", [new("reviewed", "file", "reviewed contract")], [], Before: 9, Since: 8, Lost: 0.05)
    ],
    Win: [new("number", "reference")]);

    public int? Next(int stage) => stage + 1 < Stages.Length ? stage + 1 : null;

    /// <summary>The playbook of this road.</summary>
    public object Playbook(bool withGates) => new
    {
        name = Name,
        pipelines = new[]
        {
            new
            {
                key = "quarter", name = Name,
                stages = Stages.Select(stage => withGates
                    ? new { name = stage.Name, entry = Sections(stage.Entry, inStage: false), exit = Sections(stage.Exit, inStage: true), limits = stage.Limits() }
                    : new { name = stage.Name, entry = Sections([], inStage: false), exit = Sections([], inStage: true), limits = Array.Empty<object>() }),
                win = Sections(withGates ? Win : [], inStage: false)
            }
        }
    };

    private static object[] Sections(Duty[] duties, bool inStage) => [.. duties.Select(duty => duty.Section(inStage))];
}
