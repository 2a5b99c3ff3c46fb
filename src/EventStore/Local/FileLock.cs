namespace Crm.EventStore.Local;

/// <summary>A lock between programs on one machine, which the operating system releases even after kill -9.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits until nobody else holds the lock, and takes it.</summary>
    public static async Task<IDisposable> Take(string path, CancellationToken ct)
    {
        for (var until = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return Open(path);
            }
            catch (IOException) when (DateTime.UtcNow < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            }
        }
    }

    /// <summary>Whether nobody holds the lock, alone or shared.</summary>
    public static bool IsFree(string path)
    {
        try
        {
            Open(path).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Takes the lock beside others who share it.</summary>
    public static IDisposable Share(string path)
    {
        if (!File.Exists(path))
            File.WriteAllText(path, "");
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
