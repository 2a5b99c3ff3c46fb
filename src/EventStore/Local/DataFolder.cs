using System.Text;

namespace Crm.EventStore.Local;

/// <summary>The folder that holds everything of one private PostgreSQL, and what is where in it.</summary>
internal sealed class DataFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // As root the folder stays root's; the account passes through it to what is its own.
    private const UnixFileMode PassThrough = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Account _account;

    private DataFolder(string path, Account account) => (Root, _account) = (path, account);

    public string Root { get; }
    public string Cluster => Path.Combine(Root, "data");
    public string UnfinishedCluster => Path.Combine(Root, "data.new");
    public string Settings => Path.Combine(Root, "crm.conf");
    public string Password => Path.Combine(Root, "password");
    public string Port => Path.Combine(Root, "port");
    public string Logs => Path.Combine(Root, "log");
    public string Lock => Path.Combine(Root, "lock");
    public string Users => Path.Combine(Root, "users");

    /// <summary>The folder of the settings, else the machine's for root, else the user's; made when it is not there.</summary>
    public static async Task<DataFolder> Open(LocalPostgresSettings settings, Account account, CancellationToken ct)
    {
        var folder = new DataFolder(Path.GetFullPath(settings.DataDirectory ?? Default()), account);
        MakeFolder(folder.Root, account == Account.Own ? Private : PassThrough);
        await account.MustReach(folder.Root, ct);
        return folder;
    }

    /// <summary>The major version of the cluster, or nothing while there is no cluster.</summary>
    public int? Major()
    {
        var file = Path.Combine(Cluster, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file)) : null;
    }

    /// <summary>Makes an empty private folder of the account's own.</summary>
    public async Task<string> Make(string path, CancellationToken ct)
    {
        MakeFolder(path, Private);
        await _account.TakeOver(path, ct);
        return path;
    }

    /// <summary>Writes a file that only the account can read.</summary>
    public async Task Write(string path, string text, CancellationToken ct)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(path, options))
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await _account.TakeOver(path, ct);
    }

    private static string Default()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            return "/var/lib/eventsourcedcrm";
        var user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return user.Length > 0
            ? Path.Combine(user, "eventsourcedcrm")
            : throw new PostgresUnusable("This account has no home folder to keep data in. Name one in Crm__DataDirectory.");
    }

    // A folder that was there before keeps its mode: it is somebody's decision. The mode is set apart, since making obeys the umask.
    private static void MakeFolder(string path, UnixFileMode mode)
    {
        if (Directory.Exists(path))
            return;
        try
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresUnusable($"The folder {path} cannot be made: {e.Message} Name another data folder in Crm__DataDirectory.", e);
        }
    }
}
