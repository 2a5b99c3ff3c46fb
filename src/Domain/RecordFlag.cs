namespace Crm.Domain;

/// <summary>What a record is that is no business: made to try something out, or sent in by nobody who wants anything.</summary>
public enum RecordFlag { Test, Junk }
