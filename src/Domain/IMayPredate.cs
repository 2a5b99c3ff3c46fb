namespace Crm.Domain;

/// <summary>
/// A command that may be dated before the first fact of its stream: a call that was made before the lead was captured, a note on a deal
/// from before it was opened, an invoice from before the campaign was registered. Anything else that early would have happened to nothing.
/// </summary>
public interface IMayPredate;
