using System.Text;

namespace Crm.Api.Tests.Imports;

/// <summary>A folder with somebody's files, for one test.</summary>
public sealed class Folder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("crm-import-");

    public string Path => folder.FullName;

    public Folder With(string name, string text) => With(name, Encoding.UTF8.GetBytes(text));

    public Folder With(string name, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);
        return this;
    }

    public Folder Without(string name)
    {
        File.Delete(System.IO.Path.Combine(Path, name));
        return this;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
