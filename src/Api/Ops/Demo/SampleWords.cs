using Crm.Domain.Activities;

namespace Crm.Api.Ops.Demo;

/// <summary>What the sample company sells, and what its people say.</summary>
internal static class SampleWords
{
    public const string Currency = "CNY";

    public static readonly (string Product, decimal Price)[] Products =
    [
        ("Spectro S1", 48_000m), ("Spectro S1", 48_000m), ("Spectro S5", 126_000m), ("Flow Cell", 9_800m), ("Flow Cell", 9_800m), ("Lab Cloud", 18_000m),
        ("Chroma 200", 74_000m), ("Chroma 400", 215_000m)
    ];

    public static readonly string[] Losses = ["price", "price", "no budget", "competitor", "competitor", "no decision", "project stopped", "missing feature"];

    public static readonly string[] Competitors = ["Altair Instruments", "光谱通", "Helvex"];

    public static readonly string[] Disqualified = ["no need", "no budget", "not reached", "not reached", "wrong contact", "student project", "competitor"];

    public static readonly string[] Roles = ["采购经理", "实验室主任", "Lab manager", "Head of purchasing", "Engineer", "CTO"];

    public static readonly string[] Notes =
    [
        "客户要求下周提供样机演示。", "Budget is approved for the coming quarter.", "竞争对手报价低约 8%。", "Wants a reference in the same industry.", "技术参数已确认，等待采购流程。",
        "Asked for a second visit with the head of the laboratory.", "希望分两期付款。", "The tender is published at the end of the month.", "质量部门需要校准证书。", "Long lead time is a worry; offered a loan unit."
    ];

    public static readonly (string Source, double Weight, double Quality)[] Sources =
        [("web", 0.48, 0.8), ("trade fair", 0.10, 1.1), ("referral", 0.17, 1.9), ("IM", 0.25, 1.0)];

    public static readonly (TouchKind Kind, string? Channel)[] Touches =
        [(TouchKind.Call, null), (TouchKind.Call, null), (TouchKind.Message, "WeChat"), (TouchKind.Mail, null), (TouchKind.Meeting, "video"), (TouchKind.Visit, null)];

    public static readonly string[] Outcomes = ["reached", "reached", "not reached", "call back", "interested"];
}
