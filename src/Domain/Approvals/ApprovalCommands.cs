using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Approvals;

/// <summary>By what an approval is decided on: rules, people, and the time.</summary>
public sealed record ApprovalTerms(ApprovalPolicy Policy, ApprovalStaff Staff, DateTimeOffset Now);

public interface IApprovalCommand
{
    ApprovalTerms Terms { get; }
}

/// <param name="Playbook">The version that the flow is of.</param>
public sealed record RequestApproval(
    ApprovalFlowSection Flow, long Playbook, About Subject, ApprovalFacts Facts, string By, string Reason, ApprovalTerms Terms,
        string? Purpose = null,
    string? Rep = null, string? Team = null) : IApprovalCommand;

/// <param name="Step">Left out, the one that it is at.</param>
/// <param name="Turn">Of a link: what it was sent for; it is good for nothing else.</param>
public sealed record DecideApproval(string By, bool Grants, ApprovalTerms Terms, string? Reason = null, string? Step = null,
    int? Turn = null) : IApprovalCommand;

/// <param name="Step">Left out, the one that it is at.</param>
public sealed record TransferApproval(string By, string To, ApprovalTerms Terms, string? Reason = null, string? Step = null)
    : IApprovalCommand;

public sealed record WithdrawApproval(string By, ApprovalTerms Terms, string? Reason = null) : IApprovalCommand;

/// <summary>The time that they had may be over.</summary>
public sealed record TimeOutApproval(ApprovalTerms Terms) : IApprovalCommand;

/// <summary>Those who are asked may have left, or be away.</summary>
public sealed record ReviseApprovers(ApprovalTerms Terms) : IApprovalCommand;
