namespace Crm.Domain;

/// <summary>The rule book of one kind of stream: what nothing looks like, what may happen, and what is true afterwards.</summary>
/// <param name="StreamType">Alias stored with each stream of this kind, in snake_case (<c>lead</c>).</param>
/// <param name="Initial">The state before the first fact.</param>
/// <param name="Decide">The facts that a command leads to at a state; none when it says nothing new. Throws <see cref="Rejection"/>.</param>
/// <param name="Evolve">The state after a fact. Total: facts may come in any order, none throws and none is dropped.</param>
/// <param name="Precede">
/// What stands against a back-dated command in the light of all facts, later ones too; throws <see cref="Rejection"/>.
/// A back-dated command is decided on the state at its own time; if that leads to a fact, it then has to pass this. Where it leads
/// to none it is only said again, and this is not asked.
/// </param>
public sealed record Decider<TState, TCommand, TEvent>(
    string StreamType,
    TState Initial,
    Func<TState, TCommand, IReadOnlyList<TEvent>> Decide,
    Func<TState, TEvent, TState> Evolve,
    Action<TState, TCommand>? Precede = null)
    where TCommand : notnull
    where TEvent : notnull;
