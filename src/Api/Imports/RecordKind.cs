using Crm.Api.Imports.Files;

namespace Crm.Api.Imports;

/// <summary>One kind of record in the files, and what a row of it says in commands.</summary>
/// <param name="name">As the kind of stream: <c>lead</c>.</param>
/// <param name="key">The columns that name a row for ever.</param>
/// <param name="repeats">The key may come again; the first row counts.</param>
internal abstract class RecordKind(string name, TableName table, IReadOnlyList<string> key, bool repeats)
{
    public string Name => name;

    /// <summary>The kind of record that a row is about: its own, or the one that it tells something of.</summary>
    public virtual string RecordName => name;

    /// <summary>Where its rows stand.</summary>
    public TableName Table => table;

    public IReadOnlyList<string> Key => key;

    public bool Repeats => repeats;

    /// <summary>Whether its rows say anything of a person: then nothing of them is quoted where it cannot be unsaid.</summary>
    public virtual bool IsPersonal => false;

    /// <summary>Whether its key is something of a person: a mail address, for example.</summary>
    public virtual bool KeyIsPersonal => false;

    /// <summary>The column of what only one record can have.</summary>
    public virtual string ClaimColumn => Key[0];

    /// <summary>Where its fields of the playbook come from; null where there are none of such records.</summary>
    public virtual CustomColumns? Custom => null;

    /// <summary>The kinds that its rows name by their keys.</summary>
    public virtual IEnumerable<string> Names => [];

    /// <summary>The key where anybody may see it; a key that is personal is not shown but stands as the id that follows from it.</summary>
    public string Shown(Reading reading, string? rowKey) =>
        rowKey is null ? "" : KeyIsPersonal ? reading.IdOf(name, rowKey).ToString() : rowKey;

    /// <summary>What a row says; null when it cannot be taken, for the reasons that the reader has then.</summary>
    public abstract ISaying? Say(RowReader row, string key);
}
