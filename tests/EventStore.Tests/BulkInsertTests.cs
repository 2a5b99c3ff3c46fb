using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

/// <summary>A follower writes rows with parameters, a rebuild as a copy of its own making: the same rows must come of both.</summary>
public sealed class BulkInsertTests : IAsyncLifetime
{
    private static readonly decimal[] Amounts =
    [
        0m, 0.00m, 1m, -1m, 0.5m, 0.05m, 0.0001m, 0.00001m, -0.00001m, 9999m, 10000m, 10000.0001m, 99999999.99m, 1234567.8901m, -1054.00m, 1e-28m, 100000000m,
        decimal.MaxValue, decimal.MinValue, 7.9228162514264337593543950335m, 12345678901234567890.12345678m
    ];

    private static readonly BulkInsert<Item> Table = new("public.bulk",
    [
        BulkColumn<Item>.Of("side", i => i.Side), BulkColumn<Item>.Of("id", i => i.Id), BulkColumn<Item>.Of("small", i => i.Small), BulkColumn<Item>.Of("large", i => i.Large),
        BulkColumn<Item>.Of("amount", i => i.Amount), BulkColumn<Item>.Of("yes", i => i.Yes), BulkColumn<Item>.Of("day", i => i.Day), BulkColumn<Item>.Of("moment", i => i.Moment),
        BulkColumn<Item>.Of("kind", i => i.Kind), BulkColumn<Item>.Of("words", i => i.Words)
    ]);

    private NpgsqlDataSource database = null!;

    private enum Kind { First, SecondOne }

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await using var make = database.CreateCommand("""
            create table public.bulk (side text, id uuid, small integer, large bigint, amount numeric, yes boolean, day date, moment timestamptz, kind text, words text[])
            """);
        await make.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Rows_are_the_same_either_way()
    {
        var random = new Random(20261122);
        List<Item> items =
        [
            new("", Guid.Empty, int.MinValue, long.MinValue, 0m, false, DateOnly.MinValue, DateTimeOffset.MinValue, Kind.First, []),
            new("", Guid.NewGuid(), int.MaxValue, long.MaxValue, -0.0m, true, DateOnly.MaxValue, DateTimeOffset.MaxValue, Kind.SecondOne, ["", "a,b", "\"quoted\"", "back\\slash", "{x}", "null", "苏州"]),
            new(null, null, null, null, null, null, null, null, null, null),
            new("王伟 🏷️ \t\n", Guid.NewGuid(), -1, 1, 1m, true, new DateOnly(1999, 12, 31), new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.FromHours(8)).AddTicks(7), Kind.First, ["one"]),
            .. Amounts.Select(amount => Any(random) with { Amount = amount }),
            .. Enumerable.Range(0, 20_000).Select(_ => Any(random)),
            Any(random) with { Side = new string('长', 200_000) }
        ];

        await using var connection = await database.OpenConnectionAsync();
        await Table.Copy(connection, items, default);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand("create table public.copied as table public.bulk"), new NpgsqlBatchCommand("truncate public.bulk"), Table.Statement(items) } };
        await batch.ExecuteNonQueryAsync();

        (await database.Texts("select x::text from public.copied x except all select x::text from public.bulk x limit 5")).ShouldBeEmpty("only by copy");
        (await database.Texts("select x::text from public.bulk x except all select x::text from public.copied x limit 5")).ShouldBeEmpty("only by parameters");
        (await database.Texts("select count(*)::text from public.copied")).ShouldBe([$"{items.Count}"]);
    }

    [Fact]
    public async Task A_copy_that_fails_midway_leaves_no_row()
    {
        await using var connection = await database.OpenConnectionAsync();
        var items = Enumerable.Range(0, 10_000).Select(i => i < 9_999 ? Any(new Random(i)) : throw new InvalidOperationException("midway"));

        (await Should.ThrowAsync<InvalidOperationException>(() => Table.Copy(connection, items, default))).Message.ShouldBe("midway");

        (await database.Texts("select count(*)::text from public.bulk")).ShouldBe(["0"]);
    }

    private static Item Any(Random random) => new(
        random.Next(4) == 0 ? null : $"text {random.Next()}", Guid.NewGuid(), random.Next(int.MinValue, int.MaxValue), random.NextInt64(long.MinValue, long.MaxValue),
        new decimal(random.Next(), random.Next(2) == 0 ? 0 : random.Next(), random.Next(4) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(0, 29)),
        random.Next(2) == 0, DateOnly.FromDayNumber(random.Next(1, 3_000_000)), DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(-60_000_000_000_000_0000, 200_000_000_000_000_000)),
        (Kind)random.Next(2), [.. Enumerable.Range(0, random.Next(3)).Select(i => $"word {i}")]);

    private sealed record Item(
        string? Side, Guid? Id, int? Small, long? Large, decimal? Amount, bool? Yes, DateOnly? Day, DateTimeOffset? Moment, Kind? Kind, IReadOnlyList<string>? Words);
}
