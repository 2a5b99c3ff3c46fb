using Crm.Domain.Conditions;

namespace Crm.Api.Lists;

/// <summary>
/// What must be so at the moment that is asked about: time alone makes it so, or ends it, without a fact. Where no moment is named, it is
/// now.
/// </summary>
/// <param name="Parameter">By which it is asked for.</param>
/// <param name="Fields">Those it rests on; who may not see one of them may not ask for it.</param>
public sealed record Passing(string Parameter, IReadOnlyList<string> Fields, Func<DateTimeOffset, Condition> At);
