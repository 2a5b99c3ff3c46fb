namespace Crm.EventStore.Local;

/// <summary>How the private server is set: safe first, modest in its appetite, reachable by nobody else.</summary>
internal static class ServerSettings
{
    /// <summary>The settings as a file; written anew at every start, so that a newer program brings its own.</summary>
    public static string For(Address address) => $"""
        # Written at every start of the CRM. Your own settings: alter system set ...; they win over these.
        include 'data/postgresql.conf'

        {Listening(address)}
        password_encryption = 'scram-sha-256'

        # What is committed is on the disk.
        fsync = on
        full_page_writes = on
        synchronous_commit = on

        shared_buffers = {SharedBuffers()}MB
        max_wal_size = 2GB
        max_connections = 200
        idle_in_transaction_session_timeout = 60s
        timezone = 'UTC'

        # One file per weekday, begun anew a week later. Terse, since the details of an error may hold personal data.
        logging_collector = on
        log_directory = '../log'
        log_filename = 'postgres-%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_timezone = 'UTC'
        log_checkpoints = off
        log_error_verbosity = terse

        """;

    // An eighth of the machine, or of the share of it that this program may use: the rest is the system's cache and ourselves.
    private static long SharedBuffers() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8 >> 20, 128, 2048);

    private static string Listening(Address address) => OperatingSystem.IsWindows()
        ? $"""
           listen_addresses = '{address.Host}'
           port = {address.Port}
           """
        : $"""
           listen_addresses = ''
           port = {address.Port}
           unix_socket_directories = '{address.Host.Replace("'", "''")}'
           unix_socket_permissions = 0700
           """;
}
