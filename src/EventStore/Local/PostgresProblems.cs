namespace Crm.EventStore.Local;

/// <summary>There is no PostgreSQL on this machine, and none could be fetched; the message says what to install.</summary>
public sealed class PostgresMissing(string why) : Exception($"""
    {why}
    The CRM needs PostgreSQL {PostgresBinaries.Oldest} or newer. Any one of these gives it one:
      Debian, Ubuntu   sudo apt-get install postgresql
      macOS            brew install postgresql@17
      Windows          winget install PostgreSQL.PostgreSQL.17
      anywhere         Node.js with npm, from https://nodejs.org: PostgreSQL is then fetched by itself
    """);

/// <summary>The private PostgreSQL cannot be used as it stands; the message names what is in the way.</summary>
public sealed class PostgresUnusable(string message, Exception? inner = null) : Exception(message, inner);
