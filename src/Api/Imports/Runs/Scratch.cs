using Crm.EventStore.Sealing;

namespace Crm.Api.Imports.Runs;

/// <summary>The files of an import in clear, in a folder that only this program's user may enter and that is gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private Scratch(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<Scratch> Of(SealedFiles files, string tenant, Guid import, CancellationToken ct)
    {
        var scratch = new Scratch(Directory.CreateTempSubdirectory("crm-import-").FullName);
        try
        {
            foreach (var file in await files.All(tenant, import, ct))
            {
                await using var clear = File.Create(Path.Combine(scratch.Folder, file.Name));
                await foreach (var piece in files.Read(tenant, import, file.Name, ct))
                {
                    await clear.WriteAsync(piece, ct);
                }
            }
        }
        catch
        {
            scratch.Dispose();
            throw;
        }

        return scratch;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
