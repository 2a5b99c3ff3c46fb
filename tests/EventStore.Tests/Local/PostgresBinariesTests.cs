using Crm.EventStore.Local;

namespace Crm.EventStore.Tests.Local;

public sealed class PostgresBinariesTests : LocalTests
{
    private static readonly PostgresBinaries Old = new("/old", 14), Fifteen = new("/15", 15), Seventeen = new("/17", 17);

    [Fact]
    public void New_data_takes_the_first_that_is_new_enough() =>
        PostgresBinaries.Choose([Old, Seventeen, Fifteen], major: null).ShouldBe(Seventeen);

    [Fact]
    public void Data_keeps_to_the_version_that_wrote_it() =>
        PostgresBinaries.Choose([Seventeen, Fifteen], major: 15).ShouldBe(Fifteen);

    [Fact]
    public async Task Data_of_a_version_that_is_not_here_is_refused_by_name()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        File.WriteAllText(Path.Combine(Folder, "data", "PG_VERSION"), "11\n");

        var refusal = await Should.ThrowAsync<PostgresUnusable>(() => Start());

        refusal.Message.ShouldContain(Path.Combine(Folder, "data"));
        refusal.Message.ShouldContain("written by PostgreSQL 11");
        refusal.Message.ShouldMatch(@"found here: (none|\d+)");
    }

    [Fact]
    public async Task A_configured_folder_without_programs_is_named()
    {
        var missing = await Should.ThrowAsync<PostgresMissing>(() => Start(binDirectory: "/nothing/here"));

        missing.Message.ShouldContain("/nothing/here");
        missing.Message.ShouldContain("apt-get install postgresql");
    }

    [FactWithNpm]
    public async Task Without_an_installed_PostgreSQL_one_is_fetched_and_runs()
    {
        var folder = await DataFolder.Open(new LocalPostgresSettings(Folder), await Account.ForPostgres(CancellationToken.None), CancellationToken.None);
        var programs = await PostgresPackage.Fetch(folder, say: null, CancellationToken.None);

        await using var server = await Start(programs);

        server.Major.ShouldBe(18);
        (await Ask<string>(server, "select datlocale from pg_database where datname = 'crm'")).ShouldBe("C.UTF-8");
    }
}
