using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Crm.Faults.Tests;

/// <summary>A receiver that can keep its answers to itself.</summary>
internal sealed class Outside : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task work;

    public Outside()
    {
        Url = $"http://127.0.0.1:{ServedProgram.FreePort()}/";
        listener.Prefixes.Add(Url);
        listener.Start();
        work = Work();
    }

    public string Url { get; }

    public volatile bool IsHeld;

    /// <summary>The ids that came.</summary>
    public ConcurrentQueue<string> Got { get; } = new();

    /// <summary>The ids that were answered.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    public async ValueTask DisposeAsync()
    {
        end.SetResult();
        listener.Stop();
        await work.ContinueWith(_ => { });
        listener.Close();
    }

    private async Task Work()
    {
        while (listener.IsListening)
        {
            _ = Answer(await listener.GetContextAsync());
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        try
        {
            var id = context.Request.Headers["webhook-id"]!;
            using var body = await JsonDocument.ParseAsync(context.Request.InputStream);
            Got.Enqueue(id);
            if (IsHeld)
            {
                await end.Task;
                return;
            }

            Taken.Enqueue(id);
            context.Response.StatusCode = 204;
            context.Response.Close();
        }
        catch (Exception left) when (left is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The other side was killed.
        }
    }
}
