namespace Crm.Domain.Conditions;

/// <summary>What is wrong with a condition as it was written.</summary>
/// <param name="Where">JSON Pointer into it, or <c>character 12</c> of its short form.</param>
/// <param name="Name">The name that is not known, where one is not.</param>
public sealed record ConditionFault(string Where, ConditionError Error, string Message, string? Name = null);

public enum ConditionError
{
    BadFilter,
    UnknownField,
    UnknownMember,
    NotOneOf,
    NotTogether,
    Missing,
    WrongType,
    BadText,
    BadId,
    NotADate,
    NotATime,
    NotAnAmount,
    TooLong,
    TooMany,
    TooDeep
}
