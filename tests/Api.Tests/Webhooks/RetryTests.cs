using Crm.Api.Outside;
using Crm.Api.Tests.Journeys;
using Crm.Api.Webhooks.Sending;
using Crm.Support;

namespace Crm.Api.Tests.Webhooks;

/// <summary>What is not taken is sent again, by a clock that the test moves: days pass in a moment.</summary>
public sealed class RetryTests(WebhookServerByHand crm) : IClassFixture<WebhookServerByHand>
{
    private Receiver Receiver => crm.Receiver;

    [Fact]
    public async Task It_is_tried_ten_times_over_three_days_and_then_the_next_event_goes()
    {
        using var admin = await crm.Tenant("ten");
        Answer("/ten", (got, _) => got.Version == 1 ? 500 : 200);
        var (id, secret) = await admin.Hook(Receiver, "/ten");
        var lead = await admin.Lead();
        (await admin.Write($"leads/{lead}/notes", new { text = "waits" })).Ok();

        for (var attempt = 1; attempt <= Schedule.Pauses.Count; attempt++)
        {
            await admin.Attempts(id, attempt);
            Receiver.At("/ten").Take(10).Count().ShouldBe(attempt, "not before its time, and nothing of the record overtakes it");
            crm.Hand.Pass(attempt < Schedule.Pauses.Count ? Schedule.Pauses[attempt] : TimeSpan.Zero);
        }

        var got = await Receiver.At("/ten", 11);
        got.Take(10).Select(g => g.Id).Distinct().Count().ShouldBe(1);
        got.Take(10).Zip(got.Skip(1).Take(9), (before, after) => after.Timestamp - before.Timestamp)
            .ShouldBe(Schedule.Pauses.Skip(1).Select(pause => (long)pause.TotalSeconds), "a new time at each attempt");
        got.ShouldAllBe(g => g.IsSignedWith(secret));
        (got[10].Version, (await admin.Attempts(id, 11)).Select(a => a.GetProperty("outcome").GetString())).ShouldSatisfyAllConditions(
            x => x.Version.ShouldBe(2), x => x.Item2.ShouldBe([.. Enumerable.Repeat("failed", 9), "given-up", "delivered"]));
    }

    [Fact]
    public async Task After_five_days_of_nothing_but_failure_it_is_disabled_and_that_is_an_event()
    {
        using var admin = await crm.Tenant("five-days");
        Answer("/five-days", (_, _) => 503);
        var (watch, _) = await admin.Hook(Receiver, "/watch", new { events = new[] { "webhook" } });
        var (id, _) = await admin.Hook(Receiver, "/five-days");
        await admin.Lead();
        await admin.Attempts(id, 1);
        crm.Hand.Pass(TimeSpan.FromDays(5) - TimeSpan.FromSeconds(1));
        await admin.Attempts(id, 2);
        (await admin.Read($"webhooks/{id}")).Ok()["status"].ShouldBe("enabled");

        crm.Hand.Pass(TimeSpan.FromMinutes(6));

        await admin.Status(id, "disabled");
        var told = (await admin.Read($"webhooks/{id}")).Ok();
        (told["disabledBecause"], told["disabledReason"]).ShouldBe(("failing", "HTTP 503"));
        (await Receiver.At("/watch", 2)).Select(g => g.Type).ShouldBe(["webhook_registered", "webhook_disabled"]);
        (await admin.Read("audit?kind=webhook_disabled")).Ok().Text.ShouldContain("nothing was taken for days (HTTP 503)");
        await Patience.Until("what waits has left", async () => (await admin.Read($"webhooks/{id}/health")).Ok()["waiting"] == "0");
        (await admin.Read($"webhooks/{id}/health")).Ok()["undeliveredFrom"].ShouldNotBeNull();
        watch.ShouldNotBe(id);
    }

    [Fact]
    public async Task What_waits_for_another_attempt_is_sent_at_once_to_who_asks_for_it()
    {
        using var admin = await crm.Tenant("at-once");
        Answer("/at-once", (_, n) => n == 1 ? 500 : 200);
        var (id, _) = await admin.Hook(Receiver, "/at-once");
        await admin.Lead();
        await admin.Attempts(id, 1);
        crm.Hand.Pass(TimeSpan.FromSeconds(1));
        Receiver.At("/at-once").Count.ShouldBe(1);

        (await admin.Write($"webhooks/{id}/deliveries/{Receiver.At("/at-once")[0].Id}/redelivery", new { })).Ok();

        (await Receiver.At("/at-once", 2)).Select(g => g.Id).Distinct().Count().ShouldBe(1);
        (await admin.Attempts(id, 2))[1].GetProperty("attempt").GetInt32().ShouldBe(2);
        crm.Hand.Pass(TimeSpan.FromMinutes(10));
        await admin.Lead();
        (await Receiver.At("/at-once", 3)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_success_in_between_is_a_new_beginning()
    {
        using var admin = await crm.Tenant("between");
        var refuses = true;
        Answer("/between", (_, _) => Volatile.Read(ref refuses) ? 500 : 200);
        var (id, _) = await admin.Hook(Receiver, "/between");
        await admin.Lead();
        await admin.Attempts(id, 1);
        crm.Hand.Pass(TimeSpan.FromDays(4));
        await admin.Attempts(id, 2);
        Volatile.Write(ref refuses, false);
        crm.Hand.Pass(TimeSpan.FromDays(1));
        await admin.Attempts(id, 3);
        Volatile.Write(ref refuses, true);
        crm.Hand.Pass(TimeSpan.FromDays(1));
        await admin.Lead();
        await admin.Attempts(id, 4);

        (await admin.Read($"webhooks/{id}")).Ok()["status"].ShouldBe("enabled");
        (await admin.Read($"webhooks/{id}/health")).Ok()["failingSince"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_disabled_at_once()
    {
        using var admin = await crm.Tenant("gone");
        Answer("/gone", (_, _) => 410);
        var (id, _) = await admin.Hook(Receiver, "/gone");

        await admin.Lead();

        await admin.Status(id, "disabled");
        (await admin.Read($"webhooks/{id}")).Ok()["disabledBecause"].ShouldBe("gone");
        (await admin.Attempts(id, 1)).Single().GetProperty("outcome").GetString().ShouldBe("gone");
        crm.Hand.Pass(TimeSpan.FromDays(1));
        await admin.Hook(Receiver, "/gone-not");
        await admin.Lead();
        await Receiver.At("/gone-not", 1);
        Receiver.At("/gone").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_receiver_that_wants_to_be_left_alone_is_left_alone()
    {
        using var admin = await crm.Tenant("alone");
        Receiver.Answer = (context, got, n) =>
        {
            context.Response.StatusCode = got.Path == "/alone" && n == 1 ? 429 : 200;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        };
        var (id, _) = await admin.Hook(Receiver, "/alone");
        await admin.Hook(Receiver, "/alone-not");
        await admin.Lead();
        await admin.Attempts(id, 1);
        await admin.Lead();
        await Receiver.At("/alone-not", 2);

        crm.Hand.Pass(TimeSpan.FromSeconds(119));
        await admin.Lead();
        await Receiver.At("/alone-not", 3);
        Receiver.At("/alone").Count.ShouldBe(1, "neither the same nor anything else was sent");
        crm.Hand.Pass(TimeSpan.FromSeconds(1));

        (await Receiver.At("/alone", 4)).Select(g => g.Id).Distinct().Count().ShouldBe(3);
    }

    private void Answer(string path, Func<Got, int, int> status) => Receiver.Answer = (context, got, n) =>
    {
        context.Response.StatusCode = got.Path == path ? status(got, n) : 200;
        return Task.CompletedTask;
    };
}
