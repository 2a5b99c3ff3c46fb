using System.CommandLine;
using Crm.Api.Imports;
using Crm.EventStore.Local;
using Npgsql;
using Spectre.Console;

namespace Crm.Api.Ops;

/// <summary>The verbs of the one program.</summary>
public static class CommandLine
{
    // Requests are given twenty seconds, then PostgreSQL is stopped; whoever is cut short in that leaves it running.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(1);

    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("EventSourcedCrm: a sales process as events, and every figure as of any day.")
        {
            ServeVerb.Make(), DemoVerb.Make(), MigrateVerb.Make(), TenantsVerb.Make(), ImportVerb.Make(), HistoryVerbs.Export(), HistoryVerbs.Load(), StreamVerb.Make(), ProjectionsVerb.Make()
        };
        var parsed = root.Parse(args);
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop });
    }

    /// <summary>Runs a verb; what stops it is told in one sentence, as a person at the terminal can use it.</summary>
    public static async Task<int> Guard(Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (Exception error) when (IsForPeople(error))
        {
            Console.Error.WriteLine(error is NpgsqlException ? $"PostgreSQL: {error.Message}" : error.Message);
            return 1;
        }
    }

    public static Settings Settings() => Api.Settings.From(new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build());

    public static IProgress<string> Say { get; } = new ToTerminal();

    public static IAnsiConsole Terminal { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private static bool IsForPeople(Exception error) =>
        error is Domain.Rejection or PostgresMissing or PostgresUnusable or NpgsqlException or ImportProblem or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException;

    private sealed class ToTerminal : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
