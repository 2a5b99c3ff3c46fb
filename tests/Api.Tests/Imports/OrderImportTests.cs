using Crm.Api.Imports;
using Crm.Domain;
using Crm.Domain.Orders;
using Crm.Projections;

namespace Crm.Api.Tests.Imports;

public sealed class OrderImportTests : IAsyncLifetime
{
    private const string Orders = """
        no,company,deal,ordered,total,shipped,note,deposit on,deposit,balance on,balance
        O1,C1,D1,2025-02-03,100.03,2025-03-01,DN-1,2025-02-01,30.00,2025-04-01,70.03
        O2,C1,,2025-02-04,50,,,2025-02-05,20,,
        O3,C9,D9,2025-02-05,10,,,,,,
        O4,C1,,2025-02-06,10,,,2025-02-07,10.01,,
        O5,C1,,2025-02-06,,,,,,,
        O6,C1,,2025-02-06,10,,,,5,,
        O7,,,2025-02-06,10,,,,,,

        """;

    private const string Text = """
        {
          "source": "k", "currency": "EUR",
          "customers": { "file": "companies.csv", "key": "number", "name": "name" },
          "opportunities": { "file": "deals.csv", "key": "id", "pipeline": "standard", "name": "id", "opened": { "amount": "amount" } },
          "orders": {
            "file": "orders.csv", "key": "no", "customer": "company", "opportunity": "deal", "signed": { "at": "ordered", "amount": "total" },
            "delivered": { "at": "shipped", "reference": "note" },
            "paid": [{ "at": "deposit on", "amount": "deposit" }, { "at": "balance on", "amount": "balance" }]
          }
        }
        """;

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Tried_first_it_says_what_will_be()
    {
        using var files = Files(Orders);
        await crm.MustComeToWhatWasTried(files.Path, Mapping.Parse(Text));
    }

    [Fact]
    public async Task All_that_is_left_is_never_delivered_twice()
    {
        const string Unshipped = "no,company,deal,ordered,total,shipped,note,deposit on,deposit,balance on,balance\nO1,C1,,2025-02-03,100,,,,,,\n";
        using var files = Files(Unshipped);
        await crm.Run(files.Path, Mapping.Parse(Text));
        var order = StreamId.From("main", "order", "k:O1");
        await crm.Commands.Send(OrderDecider.Instance, order, new DeliverOrder(Guid.NewGuid(), new Money(40m, "EUR")),
            new Call(Caller.Developer, new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero), null, null, null, "api"), default);
        files.With("orders.csv", Unshipped.Replace("100,,,", "100,2025-05-01,DN-1,"));

        var kind = (await crm.Run(files.Path, Mapping.Parse(Text))).Kinds.Single(kind => kind.Kind == "order");

        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["order.exceeded"] = 1 });
        (await crm.Commands.Latest(OrderDecider.Instance, "main", order, default)).State.Delivered.ShouldBe(40m);
    }

    [Fact]
    public async Task An_order_without_a_number_of_its_own_is_called_by_its_key_and_none_by_a_book()
    {
        using var files = Files($"no,company,deal,ordered,total,own\nO1,C1,,2025-02-03,100,\nO2,C1,,2025-02-03,100,{new string('9', 3000)}\nO3,C1,,2025-02-03,100,A-7\nO4,C1,,2025-02-03,100,A-7\n");
        var mapping = Mapping.Parse("""
            {
              "source": "k", "currency": "EUR", "customers": { "file": "companies.csv", "key": "number", "name": "name" },
              "orders": {
                "file": "orders.csv", "key": "no", "customer": "company", "number": { "column": "own", "ifMissing": "ignore" }, "signed": { "at": "ordered", "amount": "total" }
              }
            }
            """);

        var tried = (await crm.Try(files.Path, mapping)).Kinds.Single(kind => kind.Kind == "order");
        var kind = (await crm.Run(files.Path, mapping)).Kinds.Single(kind => kind.Kind == "order");

        (kind.New, kind.SetAside["too-long"], kind.SetAside["claim-taken"]).ShouldBe((2, 1, 1));
        tried.SetAside.ShouldBe(kind.SetAside, ignoreOrder: true);
        (await crm.Texts("select data ->> 'number' from mt_events where type = 'order_signed' order by 1")).ShouldBe(["A-7", "O1"]);
    }

    [Fact]
    public async Task Rows_become_orders_with_what_was_delivered_and_paid_at_its_own_time()
    {
        using var files = Files(Orders);
        var kind = (await crm.Run(files.Path, Mapping.Parse(Text))).Kinds.Single(kind => kind.Kind == "order");

        (kind.Rows, kind.New).ShouldBe((7, 4));
        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["no-amount"] = 1, ["undated"] = 1, ["no-customer"] = 1 }, ignoreOrder: true);
        kind.Noted.ShouldBe(new Dictionary<string, int> { ["customer-unknown"] = 1, ["opportunity-unknown"] = 1, ["beyond-amount"] = 1 }, ignoreOrder: true);
        await crm.CatchUp([.. Catalog.All]);
        (await Listed()).ShouldBe([
            "O1 paid 100.03 100.03 100.03 2025-02-03 2025-03-01 2025-04-01", "O2 signed 50.00 0 20.00 2025-02-04", "O3 signed 10.00 0 0 2025-02-05",
            "O4 paid 10.00 0 10.01 2025-02-06 2025-02-07"]);
        (await crm.Texts("select count(*) from crm.order_list o join crm.customer_list using (customer_id) join crm.opportunity_list d on d.opportunity_id = o.opportunity_id")).ShouldBe(["1"]);
        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_file_that_says_more_adds_just_that()
    {
        using var files = Files(Orders);
        await crm.Run(files.Path, Mapping.Parse(Text));
        files.With("orders.csv", Orders.Replace("O2,C1,,2025-02-04,50,,,2025-02-05,20,,", "O2,C1,,2025-02-04,50,2025-03-05,DN-2,2025-02-05,20,2025-05-01,30")
            .Replace("70.03", "71.03").Replace("2025-02-07", "2025-02-08"));

        var kind = (await crm.Run(files.Path, Mapping.Parse(Text))).Kinds.Single(kind => kind.Kind == "order");

        (kind.New, kind.Continued, kind.Unchanged).ShouldBe((0, 1, 1));
        kind.SetAside["order.payment-known"].ShouldBe(1);
        kind.SetAside["order.other-time"].ShouldBe(1);
        await crm.CatchUp([.. Catalog.All]);
        (await Listed())[1].ShouldBe("O2 paid 50.00 50.00 50.00 2025-02-04 2025-03-05 2025-05-01");
        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task What_people_recorded_here_stands_beside_what_files_say()
    {
        using var files = Files(Orders);
        await crm.Run(files.Path, Mapping.Parse(Text));
        var order = StreamId.From("main", "order", "k:O2");
        await crm.Commands.Send(OrderDecider.Instance, order, new PayOrder(Guid.NewGuid(), Money.Of(30, "EUR")), new Call(Caller.Developer, null, null, null, null, "test"), default);

        (await crm.Run(files.Path, Mapping.Parse(Text))).Events.ShouldBe(0);

        await crm.CatchUp([.. Catalog.All]);
        (await Listed())[1].ShouldStartWith("O2 paid 50.00 0 50.00");
    }

    [Fact]
    public async Task Orders_without_dates_come_by_what_a_column_says_and_a_number_is_one_orders()
    {
        using var files = new Folder().With("orders.ndjson", """
            {"id":1,"number":"SO-1","customer":{"id":"C1"},"total":12.5,"state":"shipped"}
            {"id":2,"number":"SO-1","customer":{"id":"C1"},"total":12.5,"state":"open"}
            {"id":3,"number":"SO-3","customer":{"id":"C1"},"total":12.5,"state":"offer"}
            """);
        var mapping = Mapping.Parse("""
            {
              "source": "k", "currency": "EUR",
              "orders": {
                "file": "orders.ndjson", "key": "id", "number": "number", "customer": "customer.id",
                "signed": { "when": { "state": ["open", "shipped"] }, "amount": "total" }, "delivered": { "when": { "state": "shipped" } }
              }
            }
            """);

        var kind = (await crm.Run(files.Path, mapping)).Kinds.Single();

        kind.New.ShouldBe(1);
        kind.SetAside.ShouldBe(new Dictionary<string, int> { ["claim-taken"] = 1, ["no-rule"] = 1 }, ignoreOrder: true);
        (await crm.Texts("select distinct headers ->> 'undated' from mt_events where type like 'order%'")).ShouldBe(["true"]);
        (await crm.Run(files.Path, mapping)).Events.ShouldBe(0);
    }

    private Task<List<string>> Listed() => crm.Texts("""
        select concat_ws(' ', number, status, amount, delivered, paid, to_char(signed_at at time zone 'UTC', 'YYYY-MM-DD'),
                         to_char(delivered_at at time zone 'UTC', 'YYYY-MM-DD'), to_char(paid_at at time zone 'UTC', 'YYYY-MM-DD'))
        from crm.order_list order by number
        """);

    private static Folder Files(string orders) =>
        new Folder().With("companies.csv", "number,name\nC1,Acme\n").With("deals.csv", "id,amount\nD1,100\n").With("orders.csv", orders);
}
