using System.Diagnostics;
using Crm.Api.Imports;
using Crm.Api.Imports.Profiles;
using Crm.Api.Tests.Imports.Files;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Imports.Profiles;

public sealed class ProfilerTests(ITestOutputHelper output)
{
    private const string Accounts = "Account ID,Account Name,Industry,Country,Employees\nA1,Hafen AG,Shipping,DE,1200\nA2,Werft GmbH,Shipping,DE,80\nA3,Kai KG,,NL,n/a\n";

    private const string Deals = """
        Opportunity ID,Name,Account,Amount,Stage,Created Date,Close Date,Owner
        O1,Pumps,A1,"1.200,50 €",Closed Won,03.02.2025,05.03.2025,ann
        O2,Valves,A2,"800,00 €",Negotiation,04.02.2025,,ben
        O3,Cranes,A3,"12.000,00 €",Prospecting,25.02.2025,,ann
        O4,Ropes,A1,"70,00 €",Closed Lost,06.02.2025,17.02.2025,eve

        """;

    private const string History = """
        Deal ID,Stage,Changed At,Changed By
        O1,Prospecting,2025-02-03 09:00:00,ann
        O1,Negotiation,2025-02-10 09:00:00,ann
        O1,Closed Won,2025-03-05 09:00:00,ben
        O2,Prospecting,2025-02-04 09:00:00,ben
        O2,Negotiation,2025-02-14 09:00:00,ben
        O4,Prospecting,2025-02-06 09:00:00,ben
        O4,Closed Lost,2025-02-17 09:00:00,ben

        """;

    [Fact]
    public void Columns_are_told_by_type_and_content()
    {
        var columns = Of("deals.csv", Deals).Columns.ToDictionary(column => column.Name);

        (columns["Opportunity ID"].IsKey, columns["Opportunity ID"].Distinct, columns["Opportunity ID"].Type).ShouldBe((true, 4, "text"));
        (columns["Amount"].Type, columns["Amount"].Min, columns["Amount"].Max).ShouldBe(("decimal", "70.00", "12000.00"));
        (columns["Amount"].Numbers!.Decimal, columns["Amount"].Numbers!.Thousands, columns["Amount"].Numbers!.Symbols.Single()).ShouldBe((",", ".", "€"));
        columns["Created Date"].Dates.ShouldBe(new Dictionary<string, long> { ["d.M.yyyy"] = 4 });
        (columns["Close Date"].Filled, columns["Close Date"].Missing, columns["Close Date"].Max).ShouldBe((2, 2, "2025-03-05T00:00:00"));
        columns["Stage"].Values!["Negotiation"].ShouldBe(1);
        columns["Owner"].Repeated.ShouldBe(1);
        Of("accounts.csv", Accounts).Columns[4].MissingWords.ShouldBe(new Dictionary<string, long> { ["n/a"] = 1 });
    }

    [Fact]
    public void Three_ways_to_write_a_date_are_counted_and_what_is_ambiguous_is_said()
    {
        var file = Of("d.csv", "id,date\n1,2025-02-03\n2,25/02/2025\n3,03/02/2025\n4,Feb 3, 2025\n".Replace("Feb 3, 2025", "\"Feb 3, 2025\""));
        file.Columns[1].Dates.ShouldBe(new Dictionary<string, long> { ["d/M/yyyy"] = 2, ["yyyy-MM-dd"] = 1, ["MMM d, yyyy"] = 1 }, ignoreOrder: true);
        file.Columns[1].AmbiguousDates.ShouldBe(0);
        file.Warnings.ShouldContain("The dates in 'date' are written in 3 ways: d/M/yyyy (2), yyyy-MM-dd (1), MMM d, yyyy (1).");

        var either = Of("d.csv", "id,date\n1,03/02/2025\n2,04/02/2025\n");
        (either.Columns[1].AmbiguousDates, either.Columns[1].Dates.Count).ShouldBe((2, 1));
        Of("d.csv", "id,date\n1,03/02/2025\n2,13/02/2025\n3,02/13/2025\n").Columns[1].AmbiguousDates.ShouldBe(1);
    }

    [Fact]
    public void What_looks_like_a_person_is_masked()
    {
        var columns = Of("people.csv", "id,email,Phone,Contact\n1,ann@acme.example,+49 170 1234567,Ann Lee\n2,ben@bolt.example,+49 170 7654321,Ben Ode\n").Columns;

        columns.Select(column => (column.Type, column.IsPersonal)).ShouldBe([("integer", false), ("mail", true), ("phone", true), ("text", true)]);
        columns[1].Examples[0].ShouldBe("xxx@xxxx.xxxxxxx");
        columns[2].Examples[0].ShouldBe("+99 999 9999999");
        (columns[3].Examples[0], columns[3].Min, columns[3].Values).ShouldBe(("Xxx Xxx".ToLowerInvariant(), null, null));
    }

    [Fact]
    public void A_name_among_leads_is_a_persons() =>
        Of("leads.csv", "Lead ID,Name,Email\n1,Ann Lee,ann@acme.example\n2,Ben Ode,ben@bolt.example\n").Columns[1].ShouldSatisfyAllConditions(
            column => column.IsPersonal.ShouldBeTrue(), column => column.Examples[0].ShouldBe("xxx xxx"), column => column.Min.ShouldBeNull());

    [Fact]
    public void Damage_is_counted_by_reason_and_the_first_rows_are_named()
    {
        var file = Of("d.csv", "id,name,city\n1,\"Acme,Bonn\n2,Bolt,Kiel\n3,Cord\n2,Bolt,Kiel\n");

        file.Rows.ShouldBe(4);
        file.Faults.ShouldBe(new Dictionary<string, long> { ["bad-quotes"] = 1, ["ragged"] = 1 });
        file.FirstFaults.Select(fault => fault.Line).ShouldBe([2, 4]);
        (file.RepeatedRows, file.RepeatedIsExact).ShouldBe((1, true));
    }

    [Fact]
    public void A_mapping_is_proposed_that_stands()
    {
        using var folder = new Folder().With("accounts.csv", Accounts).With("deals.csv", Deals).With("history.csv", History);
        var profile = Profiler.Look(folder.Path);

        profile.Files.Select(file => file.Kind).ShouldBe(["customers", "opportunities", "stageHistories"]);
        output.WriteLine(profile.Mapping);
        output.WriteLine(string.Join('\n', profile.Questions));
        profile.Questions.ShouldNotContain(question => question.StartsWith("The mapping does not stand"));
        Mapping.Parse(profile.Mapping!).Kinds.Count.ShouldBe(3);
    }

    [Fact]
    public async Task And_imports_what_it_was_made_of()
    {
        await using var crm = await ImportFixture.New();
        using var folder = new Folder().With("accounts.csv", Accounts).With("deals.csv", Deals).With("history.csv", History);
        var report = await crm.Run(folder.Path, Mapping.Parse(Profiler.Look(folder.Path).Mapping!));

        report.Kinds.Select(kind => (kind.Kind, kind.SetAside.Values.Sum(), kind.Rows)).ShouldBe([("customer", 0, 3), ("opportunity", 0, 4), ("stage-history", 0, 7)]);
        report.Kinds[2].Noted.ShouldBeEmpty();
        (await crm.Texts("select type from mt_events where type in ('opportunity_won', 'opportunity_lost') order by type")).ShouldBe(["opportunity_lost", "opportunity_won"]);
    }

    [Fact]
    public async Task Contacts_campaigns_and_orders_are_known_and_the_mapping_imports_them()
    {
        await using var crm = await ImportFixture.New();
        using var folder = new Folder().With("accounts.csv", Accounts)
            .With("contacts.csv", "Contact ID,Account ID,Full Name,Email,Job Title\nP1,A1,Ann Lee,ann@acme.example,Buyer\nP2,A3,Ben Ode,,\n")
            .With("campaigns.csv", "Campaign Code,Campaign Name,Channel,Start Date,Budget,Actual Cost\nfair,Messe,fair,2025-03-31,40000.00,12500.50\nmail,Mailing,mail,2025-05-01,100.00,\n")
            .With("orders.csv", "Order Number,Account ID,Order Date,Order Total,Shipped Date,Paid Amount,Paid Date\nO1,A1,2025-02-03,100.00,2025-03-01,40.00,2025-03-05\nO2,A2,2025-02-04,50.00,,,\n");
        var profile = Profiler.Look(folder.Path, "EUR");
        output.WriteLine(profile.Mapping);

        profile.Files.Select(file => file.Kind).ShouldBe(["customers", "campaigns", "contacts", "orders"]);
        profile.Files[2].Columns.Where(column => column.IsPersonal).Select(column => column.Name).ShouldBe(["Full Name", "Email"]);
        var report = await crm.Run(folder.Path, Mapping.Parse(profile.Mapping!));

        report.Kinds.Select(kind => (kind.Kind, kind.New, kind.SetAside.Values.Sum(), kind.Noted.Values.Sum())).ShouldBe([("customer", 3, 0, 0), ("contact", 2, 0, 0), ("campaign", 2, 0, 0), ("order", 2, 0, 0)]);
        (await crm.Texts("select type || ' ' || count(*) from mt_events where type ~ 'spent|delivered|paid' group by type order by 1")).ShouldBe(["campaign_spent 1", "order_delivered 1", "order_paid 1"]);
    }

    [Fact]
    public void Chinese_headings_are_known_too()
    {
        using var folder = new Folder().With("商机.csv", Opened.Bytes(
            "商机编号,商机名称,客户名称,金额,阶段,创建日期,成交日期,负责人\nS1,电机项目,华东机械有限公司,10000,方案报价,2025/3/1,,张伟\nS2,仪器采购,上海恒测仪器,20000,赢单,2025/3/2,2025/4/2,李娜\n", "gb18030"));
        var profile = Profiler.Look(Path.Combine(folder.Path, "商机.csv"), "CNY");

        (profile.Files[0].Kind, profile.Files[0].Text!.Encoding).ShouldBe(("opportunities", "gb18030"));
        var mapping = Mapping.Parse(profile.Mapping!);
        (mapping.Currency, mapping.Pipeline!.Stages.Single()).ShouldBe(("CNY", "方案报价"));
    }

    [Fact]
    public void Currency_is_asked_for_where_nobody_says_it()
    {
        using var folder = new Folder().With("deals.csv", "id,name,amount,stage\n1,a,5,Offer\n2,b,6,Won\n");
        var profile = Profiler.Look(folder.Path);

        profile.Questions.ShouldContain("In which currency are the amounts? Write its code for the '?' in 'currency'.");
        Should.Throw<ImportProblem>(() => Mapping.Parse(profile.Mapping!)).Message.ShouldStartWith("currency: '?' is no currency");
        Mapping.Parse(Profiler.Look(folder.Path, "EUR").Mapping!).Currency.ShouldBe("EUR");
    }

    [Fact]
    public void Shared_data_of_others_is_profiled_into_mappings_that_stand()
    {
        foreach (var (name, kind) in (ReadOnlySpan<(string, string)>)[("maventech-crm", "opportunities"), ("x-education-leads", "leads")])
        {
            if (SharedData.Find(name) is not { } folder)
            {
                output.WriteLine($"{name} is not here; skipped.");
                continue;
            }

            var profile = Profiler.Look(folder, "USD");
            output.WriteLine(profile.Mapping);
            profile.Files.Select(file => file.Kind).ShouldContain(kind);
            Mapping.Parse(profile.Mapping!).Kinds.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Many_different_values_are_estimated()
    {
        var counter = new DistinctCounter(new DistinctBudget(1_000));
        foreach (var i in Enumerable.Range(0, 200_000))
        {
            counter.Add(DistinctCounter.Hash($"value {i}"));
            counter.Add(DistinctCounter.Hash($"value {i}"));
        }

        counter.IsExact.ShouldBeFalse();
        counter.Count.ShouldBeInRange(195_000, 205_000);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        using var folder = new Folder();
        using (var rows = new StreamWriter(Path.Combine(folder.Path, "many.csv")))
        {
            rows.WriteLine("id,name,amount,stage,created");
            for (var i = 0; i < 300_000; i++)
            {
                rows.WriteLine($"{i},\"deal {i}, large\",{i % 977}.50,Offer,2025-02-{1 + i % 28:00}");
            }
        }

        var clock = Stopwatch.StartNew();
        var profile = Profiler.Look(Path.Combine(folder.Path, "many.csv"));
        var memory = GC.GetTotalMemory(forceFullCollection: true) >> 20;
        output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s, {memory} MiB are left");

        profile.Files[0].Rows.ShouldBe(300_000);
        profile.Files[0].Columns[0].IsKey.ShouldBeTrue();
    }

    private static FileProfile Of(string name, string text)
    {
        using var folder = new Folder().With(name, text);
        return Profiler.Look(Path.Combine(folder.Path, name)).Files.Single();
    }
}
