namespace Crm.EventStore.Tests.Local;

public sealed class LifeTests : LocalTests
{
    [Fact]
    public async Task Starts_from_nothing()
    {
        await using var server = await Start();

        (await Ask<string>(server, "select current_database() || ' of ' || current_user")).ShouldBe("crm of crm");
        server.DataDirectory.ShouldBe(Folder);
    }

    [Fact]
    public async Task Data_survives_stop_and_start()
    {
        await using (var server = await Start())
            await Keep(server, "lead");
        File.Exists(NoteOfThePostmaster).ShouldBeFalse();

        await using var again = await Start();
        (await Kept(again)).ShouldBe("lead");
    }

    [Fact]
    public async Task Whoever_comes_second_joins_and_the_last_to_leave_stops_the_server()
    {
        var first = await Start();
        var pid = PidOfThePostmaster();
        var second = await Start();
        PidOfThePostmaster().ShouldBe(pid);

        await first.DisposeAsync();
        await Keep(second, "still here");

        await second.DisposeAsync();
        File.Exists(NoteOfThePostmaster).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_who_start_at_once_share_one_server()
    {
        var servers = await Task.WhenAll(Start(), Start());
        servers[0].ConnectionString.ShouldBe(servers[1].ConnectionString);
        await Keep(servers[0], "shared");
        (await Kept(servers[1])).ShouldBe("shared");

        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        File.Exists(NoteOfThePostmaster).ShouldBeFalse();
    }

    [FactOnUnix]
    public async Task A_path_too_long_for_a_socket_is_no_hindrance()
    {
        var deep = Path.Combine(Folder, new string('a', 60), new string('b', 60));
        await using (var server = await StartIn(deep))
            await Keep(server, "deep");

        await using (var again = await StartIn(deep))
            (await Kept(again)).ShouldBe("deep");
        Directory.Delete(File.ReadAllText(Path.Combine(deep, "socket.path")));
    }
}
