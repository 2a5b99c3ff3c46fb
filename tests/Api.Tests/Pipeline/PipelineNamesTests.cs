using Crm.Api.Tests.Journeys;
using Crm.Domain.Playbooks;

namespace Crm.Api.Tests.Pipeline;

public sealed class PipelineNamesTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Theory]
    [InlineData("pipeline")]
    [InlineData("conversion")]
    public async Task A_pipeline_that_is_none_is_refused_and_one_is_askable_from_when_it_was_known(string figure)
    {
        var before = (await crm.Http.Open()).Message.Headers.Date!.Value;
        var call = new Call(new Caller("main", "test"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "test");
        var defined = await crm.Engine.Commands.Send(
            PlaybookDecider.Instance, CurrentPlaybook.StreamOf("main"), new DefinePipeline($"renewals-{figure}", "Renewals", ["Due", "Offered"]), call, default);
        var least = ("Crm-Min-Position", $"{crm.Engine.Store.Epoch}-{defined.Position}");

        (await crm.Http.Read($"{figure}?pipeline=renewals-{figure}", least)).Ok();
        (await crm.Http.Read($"{figure}?pipeline=renewals-{figure}&asOf=2020-01-01", least)).Ok();
        await Refused($"{figure}?pipeline=nope");
        await Refused($"{figure}?pipeline=renewals-{figure}&knownAt={before.AddSeconds(-1):yyyy-MM-ddTHH:mm:ssZ}");

        async Task Refused(string path)
        {
            var refusal = await (await crm.Http.Read(path, least)).Refused();
            (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((400, "pipeline", "not-one-of"));
        }
    }
}
