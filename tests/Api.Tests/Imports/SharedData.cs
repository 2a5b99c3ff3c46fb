namespace Crm.Api.Tests.Imports;

/// <summary>Data that others published and that is not ours to copy: beside the repository on some machines, absent on others.</summary>
internal static class SharedData
{
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        return null;
    }
}
