namespace Crm.EventStore.Local;

/// <summary>Where the private PostgreSQL lives; both may be left out.</summary>
/// <param name="DataDirectory">The folder that holds everything of it; by default one of this machine or of this user.</param>
/// <param name="BinDirectory">The folder with initdb, pg_ctl and postgres; by default they are looked for, else fetched.</param>
public sealed record LocalPostgresSettings(string? DataDirectory = null, string? BinDirectory = null);
