using Npgsql;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F12: transactions that somebody left open: idle, prepared, in another database, or in the lane.</summary>
public sealed class OpenTransactionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task F12_open_transactions_hold_nobody_up_and_one_in_the_lane_is_told_to_every_caller()
    {
        var rounds = new Rounds(output, "F12", inShort: 1);
        await using var cluster = await OwnCluster.Start();
        await cluster.Set("max_prepared_transactions = 5");
        await cluster.Down();
        await cluster.Up();
        await using var office = await Office.OpenOn(cluster, rounds.Seed);
        await rounds.Each(async (round, random) =>
        {
            var inFlight = await office.Crowded();
            await office.Run("begin; create table z (n int); select nextval('mt_events_sequence'); prepare transaction 'left behind'");
            await using var idle = await Opened(office.ConnectionString, "select pg_current_xact_id(), nextval('mt_events_sequence')");
            await using var reading = await Opened(office.ConnectionString, "set transaction isolation level repeatable read; select count(*) from mt_events");
            await using var elsewhere = await Opened(
                new NpgsqlConnectionStringBuilder(office.ConnectionString) { Database = "postgres" }.ConnectionString, "create table z (n int); insert into z values (1)");

            var head = await office.Ask<long>("select position from crm.lane");
            await office.Crowded();
            var took = await office.Passed(head, Promptly);
            await office.Run("rollback prepared 'left behind'");
            var told = await InTheLane(office, random);
            return $"four left open with {inFlight} in flight, read models past them after {took.TotalMilliseconds:0} ms; " +
                $"one in the lane told to callers after {told.TotalSeconds:0.0} s; {await office.Balance()}";
        });
    }

    // Nothing can be promised while another writer holds the lane; callers hear of it, and it ends with him.
    private static async Task<TimeSpan> InTheLane(Office office, Random random)
    {
        var unknown = office.Clients.Unknown;
        await using var hand = await ByHand.Begin(office);
        await hand.Again($"in good order {random.Next()}", commit: false);
        var told = await office.Clients.Until("callers are told", () => office.Clients.Unknown > unknown, Promptly);
        var answered = office.Clients.Answered.Count;
        await Should.ThrowAsync<TimeoutException>(() =>
            office.Clients.Until("answers come", () => office.Clients.Answered.Count >= answered + 40, TimeSpan.FromMilliseconds(random.Next(100, 1000))));
        await hand.Commit();
        await office.Clients.Until("answers come again", () => office.Clients.Answered.Count >= answered + 40, Promptly);
        return told;
    }

    private static async Task<NpgsqlConnection> Opened(string connectionString, string sql)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"begin; {sql}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
