namespace Crm.Domain.Activities;

/// <summary>A fact of a record that somebody works on: a lead, or an opportunity.</summary>
public interface IWorkEvent;
