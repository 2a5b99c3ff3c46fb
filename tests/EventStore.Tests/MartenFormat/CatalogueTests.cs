using Crm.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.MartenFormat;

/// <summary>Our tables are Marten's tables, column by column, as read off a database that Marten 9.29 had made.</summary>
public sealed class CatalogueTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string OurOwn = "mt_events,idx_mt_events_event_id,index,CREATE UNIQUE INDEX idx_mt_events_event_id ON mt_events USING btree (id)";
    private const string Constant = "(a constant: always write it)";

    private const string Columns = $$"""
        select concat_ws(',', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                         case when c.relname = 'mt_events' and a.attname = 'timestamp' and pg_get_expr(d.adbin, d.adrelid) ~ '^''[^'']*''::timestamp with time zone$'
                              then '{{Constant}}' else coalesce(pg_get_expr(d.adbin, d.adrelid), '') end)
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped
        """;

    private const string Constraints = """
        select concat_ws(',', conrelid::regclass, conname, case contype when 'p' then 'primary key' when 'f' then 'foreign key' else contype::text end,
                         pg_get_constraintdef(oid))
        from pg_constraint where connamespace = 'public'::regnamespace
        union all
        select concat_ws(',', tablename, indexname, 'index', replace(indexdef, 'public.', '')) from pg_indexes where schemaname = 'public'
        union all
        select concat_ws(',', '', sequencename, 'sequence', format('%s start %s increment %s cache %s', data_type, start_value, increment_by, cache_size))
        from pg_sequences where schemaname = 'public'
        """;

    private const string Everything = """
        select concat_ws(' ', n.nspname, c.relname, c.relkind, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where n.nspname in ('public', 'crm') union all
        select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace::regnamespace::text in ('public', 'crm') union all
        select pg_get_functiondef(oid) from pg_proc where pronamespace::regnamespace::text in ('public', 'crm') union all
        select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal union all
        select l::text from crm.lane l
        """;

    private NpgsqlDataSource database = null!;

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Columns_are_Martens() =>
        (await Texts(Columns)).ShouldBe(Known("marten-9.29-columns.csv") ?? await Texts(Columns));

    [Fact]
    public async Task Keys_indexes_and_the_sequence_are_Martens_and_one_index_is_ours()
    {
        var ours = await Texts(Constraints);

        ours.ShouldContain(OurOwn);
        ours.Remove(OurOwn);
        ours.ShouldBe(Known("marten-9.29-constraints.csv") ?? ours);
    }

    [Fact]
    public async Task The_sequence_belongs_to_its_column() =>
        (await Texts("select pg_get_serial_sequence('mt_events', 'seq_id')")).ShouldBe(["public.mt_events_sequence"]);

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var before = await Texts(Everything);

        await Task.WhenAll(Migrator.Migrate(database, default), Migrator.Migrate(database, default));

        (await Texts(Everything)).ShouldBe(before);
    }

    // The lists stand in a folder "shared" beside the repository, where there is one.
    private List<string>? Known(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", file);
            if (File.Exists(path))
            {
                return [.. File.ReadLines(path).Skip(1).Select(line => line.Replace("\"", "")).Order(StringComparer.Ordinal)];
            }
        }

        output.WriteLine($"Not compared: shared/{file} is not there.");
        return null;
    }

    private async Task<List<string>> Texts(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return [.. texts.Order(StringComparer.Ordinal)];
    }
}
