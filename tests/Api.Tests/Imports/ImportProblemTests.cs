using Crm.Api.Imports;

namespace Crm.Api.Tests.Imports;

/// <summary>Whatever is wrong with a mapping or a file is told before anything is written, with its place and what would be right.</summary>
public sealed class ImportProblemTests
{
    [Theory]
    [InlineData("\"currency\": \"EUR\"", "\"currency\": \"Euro\"", "currency: 'Euro' is no currency of ISO 4217; write USD, CNY, EUR …")]
    [InlineData("Europe/Berlin", "Berlin", "timeZone: 'Berlin' is no time zone of the IANA database; write Europe/Berlin, Asia/Shanghai, UTC …")]
    [InlineData("d.M.yyyy\"", "d.M.\"", "dates: 'd.M.' does not say year, month and day; write yyyy-MM-dd, d.M.yyyy, MM/dd/yyyy HH:mm …")]
    [InlineData("\"thousands\": \".\"", "\"thousands\": \",\"", "numbers: decimals and thousands cannot be told apart by the same sign.")]
    [InlineData("\"ifMissing\": \"note\" }", "\"ifMissing\": \"skip\" }", "opportunities.rep.ifMissing: write 'ignore', 'note' or 'set-aside'.")]
    [InlineData("\"lookup\": \"artikel\", \"column\": \"gebiet\"", "\"lookup\": \"artikle\", \"column\": \"gebiet\"", "opportunities.region.lookup: there is no lookup 'artikle'; there are: artikel. Did you mean 'artikel'?")]
    [InlineData("\"customer\": \"firma\"", "\"costumer\": \"firma\"", "opportunities.costumer: there is no such member; there are: ")]
    [InlineData("\"customer\": \"firma\"", "\"name\": \"firma\"", "line ")]
    [InlineData("\"at\": \"zu\", \"reason\"", "\"reason\"", "opportunities.lost: 'at' is missing: when it happened, as 'opened' has it.")]
    [InlineData("\"file\": \"artikel.csv\"", "\"file\": \"../../etc/passwd\"", "lookups.artikel.file: write the name of a file beside the others, without folders.")]
    [InlineData("{artikel} für {firma}", "Pumpe", "opportunities.name[0].template: a template names columns in braces: '{product} – {account}'; else use 'constant'.")]
    [InlineData("\"Angebot\"] }", "\"Won\"] }", "pipeline: 'Won' is how an opportunity ends; a stage needs another name.")]
    [InlineData("\"at\": \"offen\"", "\"at\": { \"column\": \"offen\", \"ifMissing\": \"note\" }", "opportunities.opened.at: there is no record without it, so a row that does not say it is set aside; leave out 'ifMissing'.")]
    public void A_mapping_that_is_wrong_is_refused(string right, string wrong, string message)
    {
        Nordlicht.Mapping.ShouldContain(right);

        Should.Throw<ImportProblem>(() => Mapping.Parse(Nordlicht.Mapping.Replace(right, wrong))).Message.ShouldStartWith(message);
    }

    [Fact]
    public void A_mapping_that_is_not_there_is_named() =>
        Should.Throw<ImportProblem>(() => Mapping.Load("/nowhere/acme.json")).Message.ShouldBe("There is no mapping /nowhere/acme.json.");

    [Theory]
    [InlineData("chancen.csv", "jahr;nummer;firma;artikel;wert;stand;geoeffnet;angebot;zu;grund;wer\n", "chancen.csv has no column 'offen', which opportunities.opened.at of the mapping asks for; it has: jahr, ")]
    [InlineData("chancen.csv", "jahr;nummer;nummer;firma;artikel;wert;stand;offen;angebot;zu;grund;wer\n", "chancen.csv has two columns 'nummer', which opportunities.key[1] of the mapping asks for; rename one of them, or write 'nummer#1' or 'nummer#2'.")]
    [InlineData("chancen.csv", "", "chancen.csv is empty; its first line has to name the columns.")]
    [InlineData("chancen.csv", null, "There is no file ")]
    [InlineData("artikel.csv", "artikel;price;gebiet\n", "artikel.csv has no column 'preis', which opportunities.opened.amount[1].column of the mapping asks for; it has: artikel, price, gebiet.")]
    [InlineData("artikel.csv", "artikel;preis;gebiet\nA;1;N\nA;2;N\n", "artikel.csv has 'A' in artikel twice, in lines 2 and 3, with different values; a lookup takes one.")]
    public async Task A_file_that_is_wrong_is_refused_before_anything_is_written(string name, string? text, string message)
    {
        await using var crm = await ImportFixture.New();
        using var files = Nordlicht.Files();
        _ = text is null ? files.Without(name) : files.With(name, text);

        (await Should.ThrowAsync<ImportProblem>(() => crm.Run(files.Path, Mapping.Parse(Nordlicht.Mapping)))).Message.ShouldStartWith(message);
        (await crm.Store.Head(default)).Position.ShouldBe(0);
    }

    [Fact]
    public async Task Somebody_elses_pipeline_is_left_alone()
    {
        await using var crm = await ImportFixture.New();
        using var files = Nordlicht.Files();

        var problem = await Should.ThrowAsync<ImportProblem>(() => crm.Run(files.Path, Mapping.Parse(
            Nordlicht.Mapping.Replace("\"key\": \"nordlicht\"", "\"key\": \"standard\""))));

        problem.Message.ShouldStartWith("There is a pipeline 'standard' already, without a stage 'Kontakt'; its stages are: Prospecting, ");
        (await crm.Store.Head(default)).Position.ShouldBe(0);
    }
}
