namespace Crm.Domain.Activities;

/// <summary>A fact of a record that somebody works on: a lead, an opportunity, or a customer beside them.</summary>
public interface IWorkEvent;
