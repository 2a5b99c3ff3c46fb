using System.Runtime.Versioning;
using Crm.EventStore.Local;

namespace Crm.EventStore.Tests.Local;

public sealed class SettingsInForceTests : LocalTests
{
    [Fact]
    public async Task The_server_is_set_as_promised()
    {
        await using var server = await Start();

        (await Setting(server, "server_encoding")).ShouldBe("UTF8");
        (await Setting(server, "data_checksums")).ShouldBe("on");
        (await Setting(server, "fsync")).ShouldBe("on");
        (await Setting(server, "synchronous_commit")).ShouldBe("on");
        (await Setting(server, "password_encryption")).ShouldBe("scram-sha-256");
        (await Setting(server, "idle_in_transaction_session_timeout")).ShouldBe("1min");
        (await Ask<long>(server, "select pg_size_bytes(current_setting('shared_buffers'))")).ShouldBeInRange(128L << 20, 2048L << 20);
        (await Setting(server, "max_wal_size")).ShouldBe("2GB");
        (await Setting(server, "max_connections")).ShouldBe("200");
        (await Setting(server, "listen_addresses")).ShouldBe(OperatingSystem.IsWindows() ? "127.0.0.1" : "");
    }

    [Fact]
    public async Task Every_way_in_asks_for_the_password()
    {
        await using var server = await Start();

        var methods = await Ask<string>(server, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules");
        methods.ShouldBe("scram-sha-256");
    }

    [Fact]
    public async Task A_connection_says_which_process_it_serves()
    {
        await using var server = await Start();

        (await Setting(server, "application_name")).ShouldBe($"crm {Environment.ProcessId}");
    }

    [FactOnUnix, UnsupportedOSPlatform("windows")]
    public async Task Password_and_socket_are_closed_to_other_accounts()
    {
        await using var server = await Start();

        var open = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
                   UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var name in new[] { "password", "socket", "data", "log" })
            (File.GetUnixFileMode(Path.Combine(Folder, name)) & open).ShouldBe(UnixFileMode.None, name);
    }

    private static Task<string?> Setting(LocalPostgres server, string name) => Ask<string>(server, $"select current_setting('{name}')");
}
