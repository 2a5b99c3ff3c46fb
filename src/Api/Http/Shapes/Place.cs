namespace Crm.Api.Http.Shapes;

/// <summary>The faults of one request: all are counted, the first hundred are told.</summary>
internal sealed class Findings
{
    // A body of a mebibyte has room for hundreds of thousands of faults; nobody reads that many.
    private const int Most = 100;

    private readonly List<Fault> told = [];

    public int Count { get; private set; }

    public bool IsFull => Count >= Most;

    /// <summary>Those that are told.</summary>
    public IReadOnlyList<Fault> All => told;

    public Fault? First => told.FirstOrDefault();

    public void Add(Fault fault)
    {
        if (++Count <= Most) told.Add(fault);
    }

    /// <exception cref="Problem">There are faults.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0) throw Problem.Invalid(told);
    }
}

/// <summary>A place in a request, and where the faults that are found there go.</summary>
internal readonly record struct Place
{
    private const int LongestEcho = 60;

    private readonly Findings faults;
    private readonly string? pointer;
    private readonly string? parameter;

    private Place(Findings faults, string? pointer, string? parameter) =>
        (this.faults, this.pointer, this.parameter) = (faults, pointer, parameter);

    public int Faults => faults.Count;

    /// <summary>Enough is known to be wrong; looking further would only cost time.</summary>
    public bool IsFull => faults.IsFull;

    public static Place Body(Findings faults) => new(faults, pointer: "", parameter: null);

    public static Place Query(Findings faults) => new(faults, pointer: null, parameter: "");

    public Place Member(string name) =>
        pointer is null
            ? new Place(faults, pointer: null, Echo(name))
            : new Place(faults, $"{pointer}/{Echo(name).Replace("~", "~0").Replace("/", "~1")}", parameter: null);

    /// <summary>The same place, whose faults go elsewhere.</summary>
    public Place Into(Findings other) => new(other, pointer, parameter);

    public Place Item(int index) => Member(index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Notes a fault. Gives the null that stands for the value that could not be read.</summary>
    public object? Wrong(string code, string message)
    {
        faults.Add(new Fault(pointer, parameter, Header: null, code, message));
        return null;
    }

    /// <summary>What was sent, short enough to be said again.</summary>
    public static string Echo(string text) =>
        text.Length <= LongestEcho ? text : string.Concat(text.EnumerateRunes().Take(LongestEcho).Select(rune => rune.ToString())) + "…";
}
