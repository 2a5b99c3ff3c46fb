using Crm.EventStore.Local;

namespace Crm.EventStore.Tests.Local;

public sealed class StepDownTests : LocalTests
{
    [FactAsRoot]
    public async Task Root_runs_the_server_as_an_account_made_for_it()
    {
        await using var server = await Start();

        var account = await Account.Own.Run("stat", ["--format=%U", NoteOfThePostmaster], "/", CancellationToken.None);
        account.Output.ShouldBe("eventsourcedcrm");
    }

    [FactAsRoot]
    public async Task A_folder_closed_to_that_account_is_refused_by_name()
    {
        var closed = Directory.CreateTempSubdirectory("crm-closed-").FullName;

        var refusal = await Should.ThrowAsync<PostgresUnusable>(() => StartIn(Path.Combine(closed, "crm")));

        refusal.Message.ShouldContain(closed);
        refusal.Message.ShouldContain("cannot get into");
        Directory.Delete(closed, recursive: true);
    }
}
