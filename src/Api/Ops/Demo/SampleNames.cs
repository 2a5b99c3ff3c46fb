namespace Crm.Api.Ops.Demo;

/// <summary>Invented companies and people, Chinese in China and Latin elsewhere.</summary>
internal static class SampleNames
{
    private static readonly Dictionary<string, string[]> Cities = new()
    {
        ["East"] = ["苏州", "上海", "杭州", "南京", "无锡", "宁波", "合肥", "常州"],
        ["North"] = ["北京", "天津", "青岛", "济南", "大连", "石家庄", "沈阳", "太原"],
        ["South"] = ["深圳", "广州", "厦门", "东莞", "珠海", "福州", "佛山", "长沙"],
        ["West"] = ["成都", "重庆", "西安", "武汉", "昆明", "贵阳", "兰州", "绵阳"]
    };

    private static readonly string[] Words =
    [
        "恒测", "青禾", "锦江", "西溪", "东湖", "紫金", "雁塔", "海誓", "岳麓", "鹭岛", "滨海", "南山", "云帆", "明德", "启航", "瑞丰", "金石", "天衡", "博雅", "华晟",
        "九章", "长河", "星海", "白鹭", "松风", "远景", "正和", "立信", "同济", "嘉禾", "凌云", "望江", "百川", "清源", "玉泉", "鼎新", "宏图", "晨曦", "飞鸿", "元亨"
    ];

    private static readonly (string Name, string Industry)[] Trades =
    [
        ("仪器", "manufacturing"), ("生物", "research"), ("医疗", "medical"), ("光电", "manufacturing"), ("材料", "research"), ("化工", "chemistry"),
        ("食品", "food"), ("智能", "manufacturing"), ("环保", "environment"), ("制药", "medical"), ("新能源", "energy"), ("精密", "manufacturing")
    ];

    private static readonly string[] Nordic =
    [
        "Lindqvist", "Sørensen", "Fjord", "Halvorsen", "Nyström", "Virtanen", "Kjær", "Bergström", "Aalto", "Solheim", "Dahl", "Ekman", "Holm", "Mäkinen", "Nordwind",
        "Ravn", "Söderberg", "Thorsen", "Ulvang", "Östlund"
    ];

    private static readonly string[] Alpine =
    [
        "Bergmann", "Castellani", "Marchetti", "Huber", "Keller", "Rossi", "Steiner", "Wyss", "Moretti", "Gruber", "Sabato", "Zanella", "Frey", "Lehner", "Perret",
        "Brunner", "Conti", "Egger", "Favre", "Pichler"
    ];

    private static readonly (string Name, string Industry)[] LatinTrades =
    [
        ("Optik", "manufacturing"), ("Analytica", "research"), ("Diagnostics", "medical"), ("Labs", "research"), ("Pharma", "medical"), ("Chimica", "chemistry"),
        ("Foods", "food"), ("Marine", "environment"), ("Energi", "energy"), ("Ceramica", "manufacturing"), ("Glas", "manufacturing"), ("Papier", "manufacturing"),
        ("Biotech", "research"), ("Metall", "manufacturing"), ("Polymer", "chemistry"), ("Vatten", "environment")
    ];

    private static readonly string[] Families = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗"];
    private static readonly string[] Given = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超", "秀英", "霞", "平", "建国", "思远", "雨桐", "子涵"];
    private static readonly string[] First = ["Anna", "Erik", "Maja", "Lukas", "Giulia", "Mikkel", "Sofia", "Jonas", "Elena", "Matteo", "Ingrid", "Aino", "Nils", "Clara", "Paolo", "Liv"];

    public static (string Name, string Industry) Company(string region, Random random)
    {
        if (Cities.TryGetValue(region, out var cities))
        {
            var (trade, industry) = Pick(Trades, random);
            return ($"{Pick(cities, random)}{Pick(Words, random)}{trade}", industry);
        }

        var nordic = region == "Nordics";
        var (latin, of) = Pick(LatinTrades, random);
        return ($"{Pick(nordic ? Nordic : Alpine, random)} {latin} {Pick<string>(nordic ? ["AB", "AS", "Oy", "ApS"] : ["GmbH", "AG", "S.p.A.", "SA"], random)}", of);
    }

    public static string Person(string region, Random random) => Cities.ContainsKey(region)
        ? Pick(Families, random) + Pick(Given, random)
        : $"{Pick(First, random)} {Pick(region == "Nordics" ? Nordic : Alpine, random)}";

    public static T Pick<T>(T[] choice, Random random) => choice[random.Next(choice.Length)];
}
