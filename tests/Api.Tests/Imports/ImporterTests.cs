using Crm.Api.Imports;
using Crm.Domain.Customers;
using Crm.Domain.Opportunities;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

public sealed class ImporterTests : IAsyncLifetime
{
    private static readonly Mapping Mapping = Mapping.Parse(Nordlicht.Mapping);
    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Good_rows_become_records_through_a_mapping_alone()
    {
        using var files = Nordlicht.Files();
        var report = await crm.Run(files.Path, Mapping);

        var deals = report.Kinds.Single(kind => kind.Kind == "opportunity");
        (deals.Rows, deals.New, deals.SetAside.Values.Sum()).ShouldBe((18, 5, 13));
        await crm.CatchUp([.. Catalog.All]);
        (await crm.Texts("select concat_ws(' | ', name, employees, external_ids[1]) from crm.customer_list order by external_ids[1] collate \"C\""))
            .ShouldBe(["Hafen AG | 1200 | nordlicht:F1", "Werft; \"Söhne\"\nGmbH | nordlicht:F2"]);
        (await crm.Texts("""
            select concat_ws(' | ', external_id, name, status, stage, amount, rep, region, product, loss_reason,
                             to_char(opened_at at time zone 'UTC', 'MM-DD HH24:MI'), to_char(closed_at at time zone 'UTC', 'MM-DD HH24:MI'))
            from crm.opportunity_list order by external_id collate "C"
            """)).ShouldBe([
                "2025|1 | Pumpe A für F1 | won | Angebot | 1200.50 | ann | Nord | Pumpe A | 02-02 23:00 | 03-01 13:30",
                "2025|13 | Pumpe 5\" A für F1 | open | Kontakt | 100.00 | ann | Pumpe 5\" A | 02-02 23:00",
                "2025|2 | Pumpe B für F2 | lost | Kontakt | 1000.00 | ben | Süd | Pumpe B | price | 02-03 23:00 | 02-04 23:00",
                "2025|3 | Pumpe B | open | Kontakt | 950.00 | Süd | Pumpe B | 02-05 23:00",
                "2025|4 | Pumpe C für F7 | open | Kontakt | 70.00 | ann | Pumpe C | 02-06 23:00"]);
    }

    [Fact]
    public async Task Every_other_row_is_kept_and_listed_with_its_reasons()
    {
        using var files = Nordlicht.Files();
        await crm.Run(files.Path, Mapping);

        await crm.CatchUp(Catalog.ImportLog);
        (await Log()).ShouldBe([
            "chancen.csv 2 2025|1 noted no-amount wert {no-amount}",
            "chancen.csv 4 2025|3 noted no-customer firma {no-customer,no-rep}",
            "chancen.csv 5 2025|4 noted lookup-unknown artikel {lookup-unknown,customer-unknown}",
            "chancen.csv 6 2025|5 set-aside lookup-unknown artikel {}",
            "chancen.csv 7 2025|6 set-aside undated offen {}",
            "chancen.csv 8 2025|7 set-aside bad-date offen {bad-number}",
            "chancen.csv 9 2025|8 set-aside no-rule stand {}",
            "chancen.csv 10 2025|9 set-aside unknown-value grund {}",
            "chancen.csv 11 2025|10 set-aside opportunity.before-first occurredAt {no-amount}",
            "chancen.csv 12 2025|1 set-aside duplicate-key jahr {}",
            "chancen.csv 13  set-aside no-key jahr {}",
            "chancen.csv 14 2025|11 set-aside ragged {}",
            "chancen.csv 15 2025|12 set-aside bad-quotes {}",
            "chancen.csv 16 2025|13 noted rounded wert {rounded,lookup-unknown}",
            "chancen.csv 17 2025|14 set-aside opportunity.amount amount {}",
            "chancen.csv 19 2025|15 set-aside time.ahead offen {}",
            "chancen.csv 20 2025|16 set-aside bad-text {}",
            "firmen.csv 5 F3 set-aside bad-number leute {parent-unknown}"]);
        (await crm.Texts("select message from crm.import_log where line = 12")).ShouldBe(["Line 2 has the same jahr and nummer; that one counts."]);

        var cells = (await crm.Texts("select cells from crm.import_log where line = 11"))[0];
        cells.ShouldStartWith("enc:v1:");
        (await crm.Sealer.Open("main", cells, default)).ShouldBe(
            """{"jahr":"2025","nummer":"10","firma":"F1","artikel":"Pumpe A","wert":"","stand":"gewonnen","offen":"8.2.2025","angebot":"","zu":"7.2.2025","grund":"","wer":"ann"}""");
    }

    [Fact]
    public async Task Said_again_nothing_happens()
    {
        using var files = Nordlicht.Files();
        var first = await crm.Run(files.Path, Mapping);
        var again = await crm.Run(files.Path, Mapping);

        first.Events.ShouldBe((await crm.Store.Head(default)).Position);
        (again.Events, again.Position, again.Kinds.Sum(kind => kind.New)).ShouldBe((0, first.Position, 0));
        again.Kinds.Sum(kind => kind.Unchanged).ShouldBe(7);
        (await crm.Store.Head(default)).Position.ShouldBe(first.Position);
    }

    [Fact]
    public async Task A_changed_file_adds_what_is_new_and_lists_what_contradicts()
    {
        using var files = Nordlicht.Files();
        await crm.Run(files.Path, Mapping);
        string[] changed = [.. Nordlicht.Chances];
        changed[2] = changed[2].Replace("1.000,00", "1.500,00");                // another amount
        changed[3] = changed[3].Replace("6.2.2025", "7.2.2025");                // another day
        changed[4] = changed[4].Replace("offen;7.2.2025;;;", "gewonnen;7.2.2025;;9.2.2025;");
        changed[8] = changed[8].Replace("ruht", "offen");                       // now it is understood
        files.With("chancen.csv", Nordlicht.Bytes(changed));

        var report = await crm.Run(files.Path, Mapping);
        await crm.CatchUp([.. Catalog.All]);

        var deals = report.Kinds.Single(kind => kind.Kind == "opportunity");
        (deals.New, deals.Continued, deals.Unchanged).ShouldBe((1, 1, 2));
        (await Log()).Where(row => row[12..].Split(' ')[0] is "3" or "4" or "5" or "9").ShouldBe([
            "chancen.csv 3 2025|2 set-aside opportunity.opened {}",
            "chancen.csv 4 2025|3 set-aside opportunity.other-time {no-customer,no-rep}",
            "chancen.csv 5 2025|4 noted lookup-unknown artikel {lookup-unknown,customer-unknown}",
            "chancen.csv 9 2025|8 accepted no-rule stand {}"]);
        (await crm.Texts("select concat_ws(' ', status, count(*), sum(amount)) from crm.opportunity_list group by status order by status"))
            .ShouldBe(["lost 1 1000.00", "open 3 2250.50", "won 2 1270.50"]);
        (await crm.Run(files.Path, Mapping)).Events.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_put_right_here_is_not_undone()
    {
        using var files = Nordlicht.Files();
        await crm.Run(files.Path, Mapping);
        var deal = Crm.Domain.StreamId.From("main", "opportunity", "nordlicht:2025|1");
        var stream = await crm.Store.ReadStream("main", deal, null, default);
        var won = stream.Single(e => e.Data is OpportunityWon);
        await crm.Commands.Send(OpportunityDecider.Instance, deal,
            new CorrectOpportunity(won.EventId, (IOpportunityEvent)won.Data, Crm.Domain.Playbooks.Playbook.BuiltIn, "never signed", Withdrawn: true),
            new Call(Caller.Developer, null, null, null, null, "test"), default);

        var report = await crm.Run(files.Path, Mapping);

        report.Kinds[1].SetAside["opportunity.corrected"].ShouldBe(1);
        (await crm.Store.ReadStream("main", deal, null, default)).Count.ShouldBe(stream.Count + 1);
        (await crm.Run(files.Path, Mapping)).Events.ShouldBe(0);
    }

    [Fact]
    public async Task A_row_whose_name_another_record_holds_is_set_aside_alone()
    {
        using var files = Nordlicht.Files();
        var other = Guid.CreateVersion7();
        var call = new Call(Caller.Developer, null, null, null, null, "test");
        await crm.Commands.Send(CustomerDecider.Instance, other, new RegisterCustomer("Hafen AG"), call, default);
        await crm.Commands.Send(CustomerDecider.Instance, other, new IdentifyCustomer("nordlicht", "F1"), call, default);

        var report = await crm.Run(files.Path, Mapping);

        report.Kinds[0].SetAside["claim-taken"].ShouldBe(1);
        (report.Kinds[0].New, report.Kinds[1].New).ShouldBe((1, 5));
        (await crm.Run(files.Path, Mapping)).Events.ShouldBe(0);
    }

    [Fact]
    public async Task One_file_may_be_imported_by_itself()
    {
        using var files = Nordlicht.Files().Without("firmen.csv");
        var report = await crm.Run(Path.Combine(files.Path, "chancen.csv"), Mapping);

        report.Kinds.ShouldHaveSingleItem().Noted["customer-unknown"].ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_file_of_deals_alone_has_its_customers_in_it_in_the_encoding_of_its_country()
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        using var files = new Folder().With("deals.csv", System.Text.Encoding.GetEncoding("gb18030").GetBytes(
            "编号,客户,金额,日期\r\n1,华东机械,100,2025/3/1\r\n2,华东机械,200,2025/3/2\r\n3,,300,2025/3/3\r\n,,,\r\n"));
        var report = await crm.Run(files.Path, Mapping.Parse("""
            {
              "source": "hd", "currency": "CNY", "timeZone": "Asia/Shanghai", "dates": "yyyy/M/d", "encoding": "gb18030",
              "customers": { "file": "deals.csv", "key": "客户", "repeats": true, "name": "客户" },
              "opportunities": {
                "file": "deals.csv", "key": "编号", "pipeline": "standard", "name": "编号", "customer": "客户",
                "opened": { "at": "日期", "amount": "金额" }
              }
            }
            """));

        (report.Kinds[0].New, report.Kinds[1].New, report.Kinds[1].Noted["no-customer"]).ShouldBe((1, 3, 1));
        await crm.CatchUp([.. Catalog.All]);
        (await crm.Texts("""
            select concat_ws(' ', c.name, sum(o.amount), min(o.opened_at at time zone 'UTC')) from crm.opportunity_list o
            join crm.customer_list c using (customer_id) group by c.name
            """)).ShouldBe(["华东机械 300.00 2025-02-28 16:00:00"]);
    }

    [Fact]
    public async Task Progress_is_told()
    {
        using var files = new Folder().With("p.csv", "id\n" + string.Join('\n', Enumerable.Range(1, 600)));
        var seen = new List<ImportProgress>();
        var mapping = Mapping.Parse("""
            { "source": "s", "currency": "USD", "leads": { "file": "p.csv", "key": "id", "source": { "constant": "list" } } }
            """);
        await crm.Run(files.Path, mapping, new Listener(seen));

        seen.Select(p => p.Done).Order().ShouldBe([250, 500, 600]);
        seen.ShouldAllBe(p => p.Total == 600 && p.RowsPerSecond > 0 && p.Kind == "lead");
    }

    private Task<List<string>> Log() => crm.Texts("""
        select concat_ws(' ', file, line, key, state, reason, field, notes) from crm.import_log order by file collate "C", line
        """);

    private sealed class Listener(List<ImportProgress> seen) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            lock (seen)
            {
                seen.Add(value);
            }
        }
    }
}
