namespace Crm.Api.Imports.Profiles;

/// <summary>What people call how an opportunity ends, and in which order they usually go through stages.</summary>
internal static class StageWords
{
    private static readonly string[] Won = ["won", "win", "gewonnen", "赢", "成交", "签约"];
    private static readonly string[] Lost = ["lost", "loss", "verloren", "dropped", "cancel", "declin", "refus", "denied", "输", "丢", "失败", "取消"];

    private static readonly string[] InOrder =
    [
        "prospect", "lead", "new", "creat", "submit", "初步", "contact", "接触", "qualif", "discover", "need", "需求", "engag", "demo", "方案", "propos", "offer", "angebot", "quot",
        "报价", "negotiat", "谈判", "verhandl", "contract", "合同", "clos"
    ];

    public static bool AreWon(string stage) => Has(Won, stage) && !Has(Lost, stage);

    public static bool AreLost(string stage) => Has(Lost, stage);

    public static int Place(string stage) => Array.FindIndex(InOrder, word => stage.Contains(word, StringComparison.OrdinalIgnoreCase)) is >= 0 and var place ? place : InOrder.Length;

    private static bool Has(string[] words, string stage) => words.Any(word => stage.Contains(word, StringComparison.OrdinalIgnoreCase));
}
