using Crm.Api.Tests.Journeys;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Support;

namespace Crm.Api.Tests;

/// <summary>A program whose read models do not move is not well, however well it answers.</summary>
public sealed class HealthTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static readonly string Table = ModelTables.Of(Catalog.Leads).Rows;

    [Fact]
    public async Task A_read_model_that_cannot_be_followed_for_long_makes_the_program_not_ready_until_it_can()
    {
        (await crm.Http.Read("/health/ready")).Ok();
        await crm.Sql($"alter table {Table} add constraint shut check (false) not valid");

        var written = (await crm.Http.Write("leads", new { source = "web" })).Ok();
        var behind = await (await crm.Http.Read("leads", ("Crm-Min-Position", written.Position))).Refused();
        await Patience.Until("the trouble is told", async () => (await crm.Http.Read("/health/ready")).Status == 503);
        var reply = await crm.Http.Read("/health/ready");

        (behind.Status, behind.Code, behind.Retryable).ShouldBe((503, "read-model-behind", true));
        reply["status"].ShouldBe("not-ready");
        var lines = reply.Body.GetProperty("readModels").EnumerateArray().ToList();
        lines.Single(line => line.GetProperty("failing").GetString() is not null).GetProperty("failing").GetString()!.ShouldEndWith("(SQLSTATE 23514)");

        await crm.Sql($"alter table {Table} drop constraint shut");
        await Patience.Until("it is well again", async () => (await crm.Http.Read("/health/ready")).Status == 200);
        (await crm.Http.Read("leads", ("Crm-Min-Position", written.Position))).Ok();
    }
}
