namespace Crm.Domain;

/// <summary>
/// A fact that holds from the first fact of its record on, whenever somebody found it out: a record that is a test was one from its first
/// day. It is dated so, and stays so dated when earlier facts become known.
/// </summary>
public interface IFromTheFirst;
