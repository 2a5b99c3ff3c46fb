using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Notifications.Sending;
using Crm.Domain;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications;

/// <summary>Sends something by a channel at once, to see whether it comes.</summary>
internal sealed class ChannelTrial(ChannelStreams channels, IEnumerable<IPort> ports, MessageTerms terms)
{
    public async Task<ChannelTestAnswer> Of(Caller by, Channel channel, TestChannelRequest r, string language, CancellationToken ct)
    {
        if (channel.Kind == ChannelKind.Mail && r.To is null)
        {
            throw Problem.Invalid([Fault.InBody("/to", Code.Missing, "Say to which address the test goes.")]);
        }

        var words = Sentences.In(language);
        var text = words.Fill(words.Test, _ => channel.Is!.Name);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(terms.Limit);
        try
        {
            var posted = await channels.Credentials(by.Tenant, channel.Is!.Secret, ct) is { } credentials
                ? await ports.Single(port => port.Kind == channel.Kind)
                    .Send(new Letter(Guid.CreateVersion7(), text, text, r.To, Data: new { test = true }), credentials, patience.Token)
                : new Posted(IsTaken: false, "no-secret");
            return new ChannelTestAnswer(posted.IsTaken, posted.Answer);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ChannelTestAnswer(Taken: false, "timeout");
        }
    }
}
