using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Crm.Api.Tests.Http;

public enum Temperature { Cold, LukeWarm, Hot }

public sealed record Address(string City, string? Street);

public sealed record Enquiry(
    string Name,
    Money Amount,
    Temperature Temperature,
    DateOnly Due,
    DateTimeOffset CalledAt,
    Guid Owner,
    [Between(0, 100)] int Score,
    long Views,
    bool Urgent,
    [Items(3), Text(10)] IReadOnlyList<string> Tags,
    Address Address,
    [Text(20)] string? Note = null,
    Money? Discount = null,
    IReadOnlyList<Address>? Branches = null,
    Temperature? Before = null,
    decimal? Rate = null);

public sealed record Branch(string Name, IReadOnlyList<Branch>? Branches);

public sealed record Search(Page Page, Times Times, Temperature? Temperature = null, IReadOnlyList<string>? Tag = null);

public sealed record Answer(
    Money Amount, Money? Discount, DateTimeOffset At, Temperature Temperature, Temperature? Before, decimal Rate, int Score);

/// <summary>A server of a few toy endpoints with the manners under test, on a real socket.</summary>
public sealed class Toy : IAsyncLifetime
{
    public static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    private WebApplication app = null!;

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => Http.BaseAddress!;

    public Log Log { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.AddSingleton<IProblemSource, Store>();
        builder.AddHttpManners();
        app = builder.Build();
        app.UseHttpManners();
        Map(app);
        await app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    private static void Map(WebApplication app)
    {
        app.MapPost("/enquiries", (Body<Enquiry> body) =>
            new { body.Value.Name, body.Value.Note, body.Value.CalledAt, body.Value.Amount, body.Value.Tags });
        app.MapPost("/branches", (Body<Branch> body) => body.Value.Name);
        app.MapGet("/enquiries", (Query<Search> query) =>
        {
            var (asOf, knownAt) = query.Value.Times.In(Shanghai);
            return new { query.Value.Page.Limit, query.Value.Page.Cursor, asOf, knownAt, query.Value.Temperature, query.Value.Tag };
        });
        app.MapGet("/answer", () => new Answer(
            Money.Of(1054m, "USD"), Discount: null,
            new(2026, 2, 28, 17, 30, 0, TimeSpan.FromHours(8)), Temperature.LukeWarm, Before: null, 0.25m, 7));
        app.MapPut("/headers", (Headers headers) =>
            new { headers.IdempotencyKey, headers.IfMatch?.Versions, headers.IfMatch?.Any, Position = headers.MinPosition?.ToString() });
        app.MapPatch("/enquiries", (HttpRequest request) => Results.NoContent()).Takes<Address>();
        app.MapGet("/old", () => "still here").Deprecated(new DateOnly(2026, 12, 1), new DateOnly(2028, 6, 1), "/docs/api/versions");
        app.MapPost("/old", (Body<Branch> body) => body.Value.Name).Deprecated(new DateOnly(2026, 12, 1), new DateOnly(2028, 7, 1), "/docs/api/versions");
        app.MapGet("/ids/{id}", (Guid id) => id);
        app.MapGet("/bare/{status:int}", (int status) => Results.StatusCode(status));
        app.MapGet("/fails/{how}", string (string how) => throw (how switch
        {
            "unknown" => Rejection.Unknown("lead.unknown", "There is no such lead."),
            "state" => Rejection.WrongState("lead.closed", "The lead is closed."),
            "rule" => Rejection.BrokenRule("money.currency", "Not a currency.", "currency"),
            "conflict" => new TimeoutException(),
            "away" => new InvalidDataException(),
            _ => new InvalidOperationException("select * from secrets at Crm.Api.Something")
        }));
    }

    private sealed class Store : IProblemSource
    {
        public Problem? From(Exception exception) => exception switch
        {
            TimeoutException => new Problem(412, "stale", "Somebody was faster.") { CurrentVersion = 8 },
            InvalidDataException => new Problem(503, Code.Unavailable, "The store is away.") { RetryAfter = TimeSpan.FromSeconds(1.2) },
            _ => null
        };
    }
}

/// <summary>Remembers what was logged, each line with its scopes.</summary>
public sealed class Log : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string category) => new Writer(this);

    public void SetScopeProvider(IExternalScopeProvider provider) => scopes = provider;

    public void Dispose() { }

    private sealed class Writer(Log log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.scopes.Push(state);

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Error;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level)) log.Lines.Enqueue($"{format(state, exception)} {exception}");
        }
    }
}

/// <summary>An answer that has to be a problem, as a client reads it.</summary>
public sealed record Refusal(
    int Status, string Code, string Detail, bool Retryable,
    IReadOnlyList<(string Where, string Code, string Message)> Errors, JsonElement Json)
{
    public static async Task<Refusal> Of(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.Content.Headers.ContentType?.ToString().ShouldBe("application/problem+json", text);
        var json = JsonDocument.Parse(text).RootElement;
        json.GetProperty("status").GetInt32().ShouldBe((int)response.StatusCode);
        json.GetProperty("type").GetString().ShouldBe("/problems/" + json.GetProperty("code").GetString());
        json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        json.GetProperty("requestId").GetString().ShouldBe(response.Headers.GetValues("Request-Id").Single());
        json.GetProperty("instance").GetString().ShouldBe(response.RequestMessage!.RequestUri!.AbsolutePath);
        return new Refusal(
            (int)response.StatusCode, Text(json, "code"), Text(json, "detail"), json.GetProperty("retryable").GetBoolean(),
            [.. json.GetProperty("errors").EnumerateArray().Select(e => (Where(e), Text(e, "code"), Text(e, "message")))], json);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Where(JsonElement error) =>
        error.EnumerateObject().Single(member => member.Name is "pointer" or "parameter" or "header").Value.GetString()!;
}

public static class Requests
{
    public static readonly IReadOnlyDictionary<string, string> Good = new Dictionary<string, string>
    {
        ["name"] = "\"Ada\"",
        ["amount"] = """{"amount":"1054.00","currency":"USD"}""",
        ["temperature"] = "\"luke-warm\"",
        ["due"] = "\"2026-02-28\"",
        ["calledAt"] = "\"2026-02-28T17:30:00+08:00\"",
        ["owner"] = "\"0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52\"",
        ["score"] = "7",
        ["views"] = "9007199254740993",
        ["urgent"] = "true",
        ["tags"] = """["a","b"]""",
        ["address"] = """{"city":"Suzhou"}"""
    };

    /// <summary>A good enquiry with some members written otherwise; null leaves one out.</summary>
    public static string Enquiry(params (string Member, string? Json)[] changes)
    {
        var members = Good.ToDictionary();
        foreach (var (member, json) in changes)
            if (json is null) members.Remove(member);
            else members[member] = json;
        return "{" + string.Join(",", members.Select(m => $"\"{m.Key}\":{m.Value}")) + "}";
    }

    public static Task<HttpResponseMessage> Send(this HttpClient http, string json, string path = "/enquiries") =>
        http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
}
