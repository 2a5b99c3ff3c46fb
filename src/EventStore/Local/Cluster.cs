using System.Security.Cryptography;
using Npgsql;

namespace Crm.EventStore.Local;

/// <summary>One private server: its data, its programs, its process.</summary>
internal sealed class Cluster(DataFolder folder, PostgresBinaries binaries, Account account, IProgress<string>? say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private Address? _address;

    private enum State { Down, Busy, Up }

    /// <summary>Brings the server up from whatever state it is in: no data, stopped, crashed, recovering, running.</summary>
    public async Task Up(CancellationToken ct)
    {
        if (folder.Major() is null)
            await Create(ct);
        _address = await Address.Of(folder, ct);

        var state = await Ask(ct);
        if (state is State.Down)
            say?.Report("Starting PostgreSQL");

        for (var until = DateTime.UtcNow + Patience; state is not State.Up; state = await Ask(ct))
        {
            if (DateTime.UtcNow > until)
                throw new PostgresUnusable($"PostgreSQL in {folder.Root} does not answer.\n{LastWords()}");
            if (state is State.Down)
                await Start(ct);
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    /// <summary>Stops the server, its data safe on disk.</summary>
    public async Task Down(CancellationToken ct)
    {
        if (await Ask(ct) is State.Down)
            return;
        say?.Report("Stopping PostgreSQL");

        // Where a polite stop takes too long, a hard one loses nothing: the next start recovers from the log.
        if (!(await PgCtl(["stop", "--mode=fast", "--timeout=60"], ct)).Succeeded)
            await PgCtl(["stop", "--mode=immediate", "--timeout=60"], ct);
    }

    /// <summary>How to connect to one of its databases.</summary>
    public NpgsqlConnectionStringBuilder ConnectionTo(string database) => new()
    {
        Host = _address!.Host,
        Port = _address.Port,
        Username = "crm",
        Password = File.ReadAllText(folder.Password),
        Database = database,
        ApplicationName = $"crm {Environment.ProcessId}"
    };

    private async Task Create(CancellationToken ct)
    {
        say?.Report($"Making a PostgreSQL {binaries.Major} cluster in {folder.Cluster}");

        // An initdb that was interrupted leaves half a cluster under this name only.
        if (Directory.Exists(folder.UnfinishedCluster))
            Directory.Delete(folder.UnfinishedCluster, recursive: true);
        await folder.Make(folder.UnfinishedCluster, ct);
        await folder.Write(folder.Password, RandomNumberGenerator.GetHexString(48), ct);

        var made = await account.Run(binaries.Path("initdb"),
        [
            $"--pgdata={folder.UnfinishedCluster}", "--username=crm", $"--pwfile={folder.Password}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--data-checksums", .. Locale()
        ], folder.Root, ct);
        if (!made.Succeeded)
            throw new PostgresUnusable($"initdb failed in {folder.UnfinishedCluster}: {made.Output}");
        Directory.Move(folder.UnfinishedCluster, folder.Cluster);
    }

    // Text sorts by code point everywhere. Before 17 the operating system's C.UTF-8 is needed for it, which only Linux is sure to have.
    private string[] Locale() => binaries.Major >= 17
        ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        : [OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C"];

    private async Task Start(CancellationToken ct)
    {
        _address = _address!.ToStartAt(folder);
        await folder.Write(folder.Settings, ServerSettings.For(_address), ct);
        await folder.Make(folder.Logs, ct);
        new ServerLog(folder.Logs).Tidy();
        await Postmaster.Forget(folder, _address, account, ct);

        var started = await PgCtl(
            ["start", $"--log={ServerLog.FirstWordsIn(folder.Logs)}", "--options=--config-file=crm.conf", "--timeout=300"], ct);

        // Servants of a server that was killed take a moment to go; until then the data belongs to them.
        if (!started.Succeeded && await Ask(ct) is State.Down && !LastWords().Contains("pre-existing shared memory block"))
            throw new PostgresUnusable($"PostgreSQL in {folder.Root} does not start.\n{started.Output}\n{LastWords()}");
    }

    private Task<Outcome> PgCtl(string[] arguments, CancellationToken ct) =>
        account.Run(binaries.Path("pg_ctl"), [.. arguments, $"--pgdata={folder.Cluster}", "--silent", "--wait"], folder.Root, ct);

    private async Task<State> Ask(CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionTo("postgres").ConnectionString)
            {
                Pooling = false,
                Timeout = 5
            }.ConnectionString);
            await connection.OpenAsync(ct);

            // After a restore it may answer already, and take no writes until all of its log is read. A standby stays so until it is promoted.
            await using var recovering = new NpgsqlCommand("select pg_is_in_recovery()", connection);
            return await recovering.ExecuteScalarAsync(ct) is true && !File.Exists(Path.Combine(folder.Cluster, "standby.signal")) ? State.Busy : State.Up;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.CannotConnectNow)
        {
            return State.Busy;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.TooManyConnections)
        {
            return State.Up;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new PostgresUnusable($"PostgreSQL in {folder.Root} does not take the password in {folder.Password}.", e);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            return Postmaster.Lives(folder) ? State.Busy : State.Down;
        }
    }

    private string LastWords() => new ServerLog(folder.Logs).LastWords();
}
