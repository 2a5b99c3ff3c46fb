using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.DataSources;

/// <summary>A feed that answers as a test wants it to.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task work;

    public Feed(IReadOnlyList<Guid> customers)
    {
        Say(customers, (_, i) => i + 1);
        for (var port = Random.Shared.Next(20_000, 50_000); ; port++)
        {
            try
            {
                Url = $"http://127.0.0.1:{port}/";
                listener.Prefixes.Clear();
                listener.Prefixes.Add(Url);
                listener.Start();
                break;
            }
            catch (HttpListenerException)
            {
                // Somebody has it.
            }
        }

        work = Task.Run(Serve);
    }

    public string Url { get; }

    public volatile int Status = 200;

    private volatile string body = "";

    /// <summary>What it answers from now on.</summary>
    /// <param name="measuredAt">Of when its values are; null for now.</param>
    public void Say(IReadOnlyList<Guid> customers, Func<Guid, int, decimal> value, DateTimeOffset? measuredAt = null) => body = JsonSerializer.Serialize(new
    {
        rows = customers.Select((id, i) => new { subject = id.ToString(), value = value(id, i).ToString(CultureInfo.InvariantCulture) }),
        measuredAt = measuredAt?.Text()
    }, new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await work;
        listener.Close();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                context.Response.StatusCode = Status;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
