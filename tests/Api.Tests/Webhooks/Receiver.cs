using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Api.Outside;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Api.Tests.Webhooks;

/// <summary>What a receiver was sent.</summary>
public sealed record Got(string Path, string Id, long Timestamp, string Signature, string ContentType, byte[] Body)
{
    public JsonElement Event => field.ValueKind == JsonValueKind.Undefined ? field = JsonDocument.Parse(Body).RootElement : field;

    public string Type => Event.GetProperty("type").GetString()!;

    public string Subject => Event.GetProperty("partitionkey").GetString()!;

    public long Version => Event.GetProperty("streamversion").GetInt64();

    /// <summary>Whether one of its signatures was made with this secret.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        return Signature.Split(' ').Contains($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");
    }
}

/// <summary>A receiver on this machine that keeps what it is sent and answers as a test wants.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Got> got = new();

    private Receiver(WebApplication app) => this.app = app;

    /// <summary>How it answers, by path, number of the request to that path from 1 on, and what came; it takes everything by itself.</summary>
    public Func<HttpContext, Got, int, Task> Answer { get; set; } = (_, _, _) => Task.CompletedTask;

    public string Url => app.Urls.Single();

    public static async Task<Receiver> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.app.Run(receiver.Take);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>What came to a path, in the order in which it came.</summary>
    public IReadOnlyList<Got> At(string path) => [.. got.Where(g => g.Path == path)];

    /// <summary>The same once there is so much of it.</summary>
    public async Task<IReadOnlyList<Got>> At(string path, int least)
    {
        await Crm.Support.Patience.Until($"{least} came to {path}", () => At(path).Count >= least);
        return At(path);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var one = new Got(
            context.Request.Path, headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString()), headers["webhook-signature"].ToString(),
            context.Request.ContentType!, body.ToArray());
        got.Enqueue(one);
        await Answer(context, one, At(one.Path).Count);
    }
}
