using System.ComponentModel;
using System.Diagnostics;

namespace Crm.EventStore.Local;

/// <summary>How a program ended and what it said.</summary>
internal sealed record Outcome(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs programs as one account of this machine: the one we run as, or the one that root steps down to.</summary>
internal sealed class Account
{
    private const string Name = "eventsourcedcrm";

    private readonly string[] _stepDown;

    private Account(params string[] stepDown) => _stepDown = stepDown;

    /// <summary>The account that this program runs as.</summary>
    public static Account Own { get; } = new();

    /// <summary>The account for PostgreSQL: our own, unless that is root, which PostgreSQL refuses.</summary>
    public static async Task<Account> ForPostgres(CancellationToken ct)
    {
        // On Windows PostgreSQL sheds an administrator's rights by itself.
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return Own;

        await MakeSureItExists(ct);

        // runuser opens a login session, which some machines end with everything in it; so it comes second.
        if (SearchPath.Find("setpriv") is { } setpriv)
            return new Account(setpriv, $"--reuid={Name}", $"--regid={Name}", "--init-groups", "--reset-env");
        if (SearchPath.Find("runuser") is { } runuser)
            return new Account(runuser, "-u", Name, "--");
        throw new PostgresUnusable(
            "PostgreSQL does not run as root, and neither setpriv nor runuser is here to step down with. Start the CRM as another user.");
    }

    /// <summary>Runs a program to its end, in a folder, and hands back what it said.</summary>
    public async Task<Outcome> Run(string program, IEnumerable<string> arguments, string folder, CancellationToken ct)
    {
        using var process = Start([.. _stepDown, program, .. arguments], folder);
        process.StandardInput.Close();
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        // A server that pg_ctl leaves behind may hold the pipes open on Windows; then we do without the words.
        await Task.WhenAny(said, Task.Delay(TimeSpan.FromSeconds(5), ct));
        return new Outcome(process.ExitCode, said.IsCompletedSuccessfully ? string.Concat(said.Result).Trim() : "");
    }

    /// <summary>Makes a file or folder that we made the account's own.</summary>
    public async Task TakeOver(string path, CancellationToken ct)
    {
        if (this != Own)
            Require(await Own.Run("chown", [$"{Name}:{Name}", path], "/", ct), $"{path} cannot be given to the account {Name}");
    }

    /// <summary>Says so when the account cannot get into a folder.</summary>
    public async Task MustReach(string folder, CancellationToken ct)
    {
        if (this != Own && !(await Run("test", ["-x", folder], "/", ct)).Succeeded)
            throw new PostgresUnusable(
                $"Started as root, the CRM runs PostgreSQL as the account {Name}, which cannot get into {folder}. " +
                "Choose a folder that every account may pass through, such as /var/lib/eventsourcedcrm, or start the CRM as another user.");
    }

    private static async Task MakeSureItExists(CancellationToken ct)
    {
        // Another starter may be making the account at this moment, and useradd gives up at once when the list of accounts is locked.
        for (var attempt = 1; !(await Own.Run("id", ["-u", Name], "/", ct)).Succeeded; attempt++)
        {
            if (SearchPath.Find("useradd") is not { } useradd)
                throw new PostgresUnusable($"PostgreSQL does not run as root, and there is no useradd to make the account {Name} with. " +
                    "Start the CRM as another user.");
            var made = await Own.Run(
                useradd, ["--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/eventsourcedcrm", "--shell", "/bin/false", Name], "/", ct);
            if (attempt == 20)
                Require(made, $"The account {Name}, which PostgreSQL runs as when the CRM is started as root, cannot be made");
            if (!made.Succeeded)
                await Task.Delay(TimeSpan.FromMilliseconds(250), ct);
        }
    }

    private static void Require(Outcome outcome, string otherwise)
    {
        if (!outcome.Succeeded)
            throw new PostgresUnusable($"{otherwise}: {outcome.Output}");
    }

    private static Process Start(string[] command, string folder)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };

        // PGDATA, PGPORT and their like belong to another server.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PostgresUnusable($"{command[0]} cannot be started: {e.Message}", e);
        }
    }
}
