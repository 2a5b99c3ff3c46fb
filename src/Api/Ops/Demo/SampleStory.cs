using Crm.Domain;
using Crm.Domain.Playbooks;

namespace Crm.Api.Ops.Demo;

/// <summary>What happened to one record of the sample company, to be told once.</summary>
/// <param name="Tell">Sends its commands, each at its own time; told again, nothing happens.</param>
public sealed record SampleStory(int Steps, Func<Commands, Caller, Playbook, CancellationToken, Task> Tell)
{
    public static SampleStory Of<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, IReadOnlyList<(DateTimeOffset At, Func<Playbook, TCommand> Command)> steps)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(steps.Count, async (commands, by, playbook, ct) =>
        {
            foreach (var (at, command) in steps)
            {
                var call = new Call(by, at, IfMatch: null, Key: null, RequestId: "sample", Source: "sample");
                await commands.Send(decider, stream, command(playbook), call, ct, playbook.Version);
            }
        });
}
