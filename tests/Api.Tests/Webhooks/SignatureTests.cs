using System.Text;
using Crm.Api.Outside;
using Crm.Api.Webhooks.Sending;

namespace Crm.Api.Tests.Webhooks;

public sealed class SignatureTests
{
    // The example of the specification's reference libraries.
    private static readonly byte[] Secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Fact]
    public void It_is_the_one_that_the_reference_libraries_make() =>
        Signature.Of("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("""{"test": 2432232314}"""), [Secret])
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void A_secret_is_spelt_as_they_read_it() => Signature.Spell(Secret).ShouldBe("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Fact]
    public void An_id_is_the_same_for_the_same_event_and_webhook_and_has_no_dot()
    {
        var (webhook, one, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        Messages.IdOf("main", webhook, one).ShouldBe(Messages.IdOf("main", webhook, one));
        Messages.IdOf("main", webhook, one).ShouldMatch("^msg_[0-9a-f]{32}$");
        new[] { Messages.IdOf("main", webhook, one), Messages.IdOf("main", webhook, other), Messages.IdOf("main", other, one), Messages.IdOf("acme", webhook, one) }.ShouldBeUnique();
    }
}
