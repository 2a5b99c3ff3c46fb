using Crm.Api.Access;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Lists;

/// <summary>A kind of record that can be listed: which fields it has, whose it is, and how it is sorted when nobody says otherwise.</summary>
public abstract class RecordList
{
    private readonly RowColumn known;
    private readonly RowColumn? own;
    private readonly IReadOnlyList<RowColumn> @sealed;

    /// <param name="name">As in <see cref="Sight.Hidden"/>: <c>opportunity</c>.</param>
    /// <param name="since">The time by which the newest come first; a row without it is not listed.</param>
    /// <param name="sealedMembers">Members of rows that nobody can ask about: the database holds them sealed.</param>
    /// <param name="shownIn">Fields that are part of another member of the answer: the currency, of the amount.</param>
    /// <param name="searched">See <see cref="Searched"/>.</param>
    /// <param name="known">The column by which a record is there, where one can be that is not listed.</param>
    protected RecordList(string name, ReadModel model, string since, IReadOnlyList<string> sealedMembers, IReadOnlyDictionary<string, string>? shownIn,
        IReadOnlyList<string>? searched, string? known)
    {
        (Name, Model) = (name, model);
        var columns = RowShape.Of(model.RowType).Columns;
        var hidden = sealedMembers.Select(EventTypes.AliasOf).ToHashSet();
        own = columns.SingleOrDefault(ListField.HoldsOwn);
        Fields = columns.Where(column => column != own && !hidden.Contains(column.Name)).Select((column, i) =>
        {
            var field = i == 0 ? "id" : Camel(column.Name);
            return new ListField(new(field, ListField.KindOf(column.Type)), column, shownIn?.GetValueOrDefault(field) ?? field);
        }).ToDictionary(field => field.Name);
        @sealed = [.. columns.Where(column => hidden.Contains(column.Name) && column.Type == typeof(string))];
        Since = Fields[since];
        this.known = known is null ? Since.Column : columns.Single(column => column.Name == EventTypes.AliasOf(known));
        Searched = [.. (searched ?? []).Select(field => Fields[field])];
    }

    public string Name { get; }

    public ReadModel Model { get; }

    public IReadOnlyDictionary<string, ListField> Fields { get; }

    /// <summary>Whose fields a playbook adds to; null where it adds none to such records.</summary>
    public FieldRecord? Record => own is null ? null : Enum.Parse<FieldRecord>(Name, ignoreCase: true);

    public ListField Id => Fields["id"];

    public ListField Since { get; }

    /// <summary>Whether records are some rep's and some team's, and so may be out of a caller's sight.</summary>
    public bool HasOwners => Fields.ContainsKey("rep") && Fields.ContainsKey("team");

    /// <summary>A list of members who see a record beside those whose it is; null for none.</summary>
    public string? SeenBy { get; init; }

    /// <summary>The members of an answer.</summary>
    public abstract IReadOnlyList<string> Members { get; }

    /// <summary>The fields in which words are looked for; those whose texts the record's events give as <see cref="Domain.INaming.Names"/>.</summary>
    public IReadOnlyList<ListField> Searched { get; }

    /// <summary>What other records can be had along.</summary>
    public IReadOnlyList<Expansion> Expansions { get; set; } = [];

    /// <summary>Whether a record is there, and is one that the caller may know of.</summary>
    public bool Holds(Sight sight, object row) => known.Get(row) is not null
        && (!HasOwners || sight.Owners?.Own((string?)Fields["rep"].Column.Get(row), (string?)Fields["team"].Column.Get(row)) != false);

    /// <summary>Texts of a row that may be sealed, so that their keys can be had all at once.</summary>
    public IEnumerable<string> SealedIn(object row) => @sealed.Select(column => (string?)column.Get(row)).OfType<string>();

    /// <summary>Fields that the playbook adds, as fields of this list.</summary>
    public IEnumerable<ListField> Own(RecordFields fields) => own is null ? [] : fields.All.Select(field => Own(field.Field));

    /// <summary>One that a condition asks for.</summary>
    public ListField FieldOf(Domain.Conditions.Field field) => Fields.GetValueOrDefault(field.Name) ?? Own(field);

    public bool Shows(Sight sight, ListField field) => !sight.Hides(Name, field.Member);

    /// <summary>The members of a kind of answer, as answers spell them.</summary>
    public static IEnumerable<(string Name, RowColumn Column)> MembersOf(Type answer) => RowShape.Of(answer).Columns.Select(column => (Camel(column.Name), column));

    private ListField Own(Domain.Conditions.Field field) => new(field, own!, CustomValues.Member);

    private static string Camel(string column) =>
        string.Concat(column.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}

/// <inheritdoc/>
/// <param name="answer">What is answered of a row; what is sealed in it is opened with the unsealer, for a tenant.</param>
public sealed class RecordList<TRow, TAnswer>(
    string name, ReadModel<TRow> model, string since, Func<TRow, Unsealer, string, CancellationToken, Task<TAnswer>> answer,
    IReadOnlyList<string>? sealedMembers = null, IReadOnlyDictionary<string, string>? shownIn = null, IReadOnlyList<string>? searched = null, string? known = null)
    : RecordList(name, model, since, sealedMembers ?? [], shownIn, searched, known) where TRow : class
{
    // What an answer can hold beside them, such as expansions, is not in its constructor.
    public override IReadOnlyList<string> Members { get; } = [.. MembersOf(typeof(TAnswer)).Select(member => member.Name)];

    public ModelReader<TRow> Rows { get; } = new(model);

    public Task<TAnswer> Answer(TRow row, Unsealer unsealer, string tenant, CancellationToken ct) => answer(row, unsealer, tenant, ct);
}
