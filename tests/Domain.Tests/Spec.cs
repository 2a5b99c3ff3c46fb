namespace Crm.Domain.Tests;

/// <summary>A rule told as a story: given these facts, when this is asked, then that happens.</summary>
public abstract class Spec<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider)
    where TCommand : notnull
    where TEvent : notnull
{
    protected Story Given(params TEvent[] facts) => new(decider, facts, Since: []);

    protected TState After(params TEvent[] facts) => facts.Aggregate(decider.Initial, decider.Evolve);

    /// <param name="Facts">What occurred up to the command's own time.</param>
    /// <param name="Since">What occurred after it: with any of these the command is back-dated.</param>
    protected sealed record Story(Decider<TState, TCommand, TEvent> Decider, TEvent[] Facts, TEvent[] Since)
    {
        public Story AndSince(params TEvent[] facts) => this with { Since = facts };

        public Ending When(TCommand command)
        {
            var then = Facts.Aggregate(Decider.Initial, Decider.Evolve);
            try
            {
                var events = Decider.Decide(then, command);
                if (events.Count > 0 && Since.Length > 0)
                    Decider.Precede?.Invoke(Since.Aggregate(then, Decider.Evolve), command);
                SayAgain(events.Aggregate(then, Decider.Evolve), command);
                return new(events, Rejection: null);
            }
            catch (Rejection rejection)
            {
                return new([], rejection);
            }
        }

        private void SayAgain(TState state, TCommand command)
        {
            try
            {
                Decider.Decide(state, command).ShouldBeEmpty($"Said twice, nothing happens; {command} led to a second event.");
            }
            catch (Rejection rejection)
            {
                throw new ShouldAssertException($"Said twice, nothing happens; {command} was turned away: {rejection.Code}");
            }
        }
    }

    protected sealed record Ending(IReadOnlyList<TEvent> Events, Rejection? Rejection)
    {
        public void Then(params TEvent[] events)
        {
            Rejection.ShouldBeNull();
            // As stored: lists compare by what is in them.
            Events.Select(e => Json.Write(e)).ShouldBe(events.Select(e => Json.Write(e)));
        }

        public void ThenNothing() => Then();

        public Rejection ThenRejected(string code, string? field = null)
        {
            var rejection = Rejection.ShouldNotBeNull($"Not turned away, but: {string.Join(", ", Events)}");
            rejection.Code.ShouldBe(code);
            rejection.Field.ShouldBe(field);
            return rejection;
        }
    }
}
