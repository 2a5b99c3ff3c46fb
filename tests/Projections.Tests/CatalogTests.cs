using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.Projections.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void Every_read_model_has_a_name_and_tables_of_its_own()
    {
        var names = Catalog.All.SelectMany(m => (string[])[m.Table, .. m.Totals.Select(t => t.Name)]).ToList();

        names.Distinct().Count().ShouldBe(names.Count);
        Catalog.All.Select(m => m.Progress).Distinct().Count().ShouldBe(Catalog.All.Count);
    }

    [Fact]
    public async Task Tables_can_be_made_again_and_people_find_them_under_plain_names()
    {
        await using var database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, Catalog.All).Create(default);
        await new ReadModelSet(database, Catalog.All).Create(default);

        foreach (var model in Catalog.All)
        {
            await using var command = database.CreateCommand($"select count(*) from crm.{model.Table}");
            (await command.ExecuteScalarAsync()).ShouldBe(0L);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_fold_takes_any_fact_in_any_order(string name)
    {
        var model = Catalog.All.Single(m => m.Name == name);
        var facts = Samples().Where(model.Reads.IsInstanceOfType).ToList();
        facts.ShouldNotBeEmpty();

        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            object? row = null;
            for (var i = 0; i < 30; i++)
            {
                var fact = facts[random.Next(facts.Count)];
                row = model.Fold(row, new Recorded("acme", Guid.Empty, i + 1, i + 1, Guid.Empty, "", fact, default, default, new Metadata()));
            }
        }
    }

    public static TheoryData<string> Models => [.. Catalog.All.Select(m => m.Name)];

    // The stored samples of all events, as the domain's tests keep them for ever.
    private static IEnumerable<object> Samples()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "tests", "Domain.Tests", "Samples")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("tests/Domain.Tests/Samples");
        }

        foreach (var file in Directory.GetFiles(Path.Combine(folder.FullName, "tests", "Domain.Tests", "Samples"), "*.json"))
        {
            var data = EventCatalog.Types.Read(EventTypes.AliasOf(Path.GetFileNameWithoutExtension(file)), File.ReadAllBytes(file));
            if (data is not UnknownEvent)
            {
                yield return data;
            }
        }
    }
}
