using System.CommandLine;
using Crm.Benchmarks;

if (args is [RebuildBenchmark.Child, var connection, var model])
{
    await RebuildBenchmark.Rebuild(connection, model, CancellationToken.None);
    return 0;
}

var names = new Argument<string[]>("what") { Description = "What to measure; growth is long and not in all.", Arity = ArgumentArity.OneOrMore };
names.AcceptOnlyFromAmong([.. Suite.Names]);
var json = new Option<bool>("--json") { Description = "One JSON object with all figures on standard output." };
var root = new RootCommand("Measures the product against floors measured in the same run. Progress and settings go to standard error.") { names, json };
root.SetAction(async (parsed, ct) =>
{
    var figures = new Figures();
    await Suite.Run(parsed.GetRequiredValue(names), figures, ct);
    if (parsed.GetValue(json))
    {
        Console.WriteLine(figures.Json());
    }
});
return await root.Parse(args).InvokeAsync();
