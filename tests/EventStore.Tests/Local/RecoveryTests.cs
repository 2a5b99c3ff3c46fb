using System.Diagnostics;
using Crm.EventStore.Local;

namespace Crm.EventStore.Tests.Local;

public sealed class RecoveryTests : LocalTests
{
    [Fact]
    public async Task A_server_that_a_killed_program_left_running_is_taken_over()
    {
        await using (var server = await Start())
            await Keep(server, "lead");
        await StartAsIfByAProgramThatWasKilled();
        var pid = PidOfThePostmaster();

        await using (var server = await Start())
        {
            PidOfThePostmaster().ShouldBe(pid);
            (await Kept(server)).ShouldBe("lead");
        }
        File.Exists(NoteOfThePostmaster).ShouldBeFalse();
    }

    [Fact]
    public async Task A_killed_server_comes_back_with_all_that_was_committed()
    {
        await using var server = await Start();
        await Keep(server, "before");
        KillThePostmaster();

        await using var again = await Start();
        await Keep(again, "after");
        (await Kept(again)).ShouldBe("after before");
    }

    [Fact]
    public async Task A_note_that_names_a_living_process_of_somebody_else_is_not_believed()
    {
        await using var server = await Start();
        await Keep(server, "lead");
        KillThePostmaster();
        var note = File.ReadAllLines(NoteOfThePostmaster);
        File.WriteAllLines(NoteOfThePostmaster, [Environment.ProcessId.ToString(), .. note[1..]]);

        await using var again = await Start();
        (await Kept(again)).ShouldBe("lead");
    }

    [Fact]
    public async Task A_first_start_that_was_interrupted_is_done_again()
    {
        var half = Path.Combine(Folder, "data.new", "base");
        Directory.CreateDirectory(half);
        File.WriteAllText(Path.Combine(half, "1"), "half a file");

        await using var server = await Start();
        await Keep(server, "whole");
    }

    private void KillThePostmaster() => Process.GetProcessById(PidOfThePostmaster()).Kill();

    private async Task StartAsIfByAProgramThatWasKilled()
    {
        var account = await Account.ForPostgres(CancellationToken.None);
        var folder = await DataFolder.Open(new LocalPostgresSettings(Folder), account, CancellationToken.None);
        var binaries = await PostgresBinaries.Find(configured: null, folder, account, say: null, CancellationToken.None);
        await new Cluster(folder, binaries, account, say: null).Up(CancellationToken.None);
    }
}
