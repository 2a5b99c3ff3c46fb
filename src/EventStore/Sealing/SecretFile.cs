namespace Crm.EventStore.Sealing;

/// <summary>A file that holds one secret, readable by its owner only.</summary>
public static class SecretFile
{
    /// <summary>Its text; the file is made when it is not there.</summary>
    public static string ReadOrMake(string path, Func<string> make)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(path, options);
            writer.WriteLine(make());
        }

        return File.ReadAllText(path).Trim();
    }
}
