using System.Text;
using Crm.Api.Imports;
using Crm.Api.Imports.Profiles;

namespace Crm.Api.Tests.Imports.Files;

/// <summary>Files that were damaged at random: what is lost is named, and nothing is taken for what it is not.</summary>
public sealed class DamageTests
{
    private const int Rows = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_sign_that_is_lost_or_doubled_costs_few_rows_and_all_of_them_are_named(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var lines = Enumerable.Range(1, Rows).Select(i => Line(i, random)).ToArray();
            var whole = "id,name,note,city\n" + string.Join('\n', lines) + "\n";
            var signs = whole.Index().Where(c => c.Index > 20 && c.Item is '"' or ',').Select(c => c.Index).Where(i => i > 20).ToList();
            var at = signs[random.Next(signs.Count)];
            var damaged = random.Next(2) == 0 ? whole.Remove(at, 1) : whole.Insert(at, whole[at].ToString());

            var expected = Opened.Rows(whole).Select(row => row[(row.IndexOf(':') + 2)..]).ToList();
            expected.Count.ShouldBe(Rows);
            var read = Opened.Rows(damaged);
            var good = read.Where(row => !row.Contains(" ! ")).Select(row => row[(row.IndexOf(':') + 2)..]).ToList();
            var strange = good.Except(expected).ToList();

            // One cell may have become another; that no reader can see. Whole rows may not.
            strange.Count.ShouldBeLessThanOrEqualTo(1, damaged);
            strange.ShouldAllBe(row => row.Split(" | ", StringSplitOptions.None).Length == 4);
            (Rows - good.Intersect(expected).Count()).ShouldBeLessThanOrEqualTo(3, damaged);
            (read.Count(row => row.Contains(" ! ")) + strange.Count).ShouldBeGreaterThanOrEqualTo(Rows - good.Intersect(expected).Count(), damaged);
        }
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    [InlineData("xlsx")]
    public void Whatever_the_bytes_are_a_file_is_read_or_refused_in_words(string format)
    {
        var random = new Random(7);
        var sound = format switch
        {
            "csv" => Encoding.UTF8.GetBytes("id,name\n1,\"Söhne, Ltd\"\n2,b\n3,2025-02-03\n"),
            "ndjson" => Encoding.UTF8.GetBytes("{\"id\": 1, \"a\": {\"b\": \"ü\"}}\n{\"id\": 2.5, \"c\": [1]}\n"),
            _ => Workbook.Of([("A", Workbook.Row(1, Workbook.Text("A1", "id"), Workbook.Text("B1", "day")) + Workbook.Row(2, Workbook.Shared("A2", 0), Workbook.Number("B2", "45000", 1)))],
                ["x"], after: "<mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells>")
        };
        for (var round = 0; round < 500; round++)
        {
            var bytes = sound.ToArray();
            for (var hits = random.Next(1, 8); hits > 0; hits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using var folder = new Folder().With($"f.{format}", bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);
            try
            {
                Profiler.Look(Path.Combine(folder.Path, $"f.{format}")).Files.ShouldNotBeEmpty();
            }
            catch (ImportProblem problem)
            {
                problem.Message.ShouldStartWith($"f.{format}");
            }
        }
    }

    private static string Line(int i, Random random) => random.Next(4) switch
    {
        0 => $"{i},\"Acme, Inc. {i}\",\"says \"\"yes\"\"\",Bonn",
        1 => $"{i},\"Bolt {i}\",,\"Kiel, am Meer\"",
        2 => $"{i},Cord {i},\"two\nlines\",Rom",
        _ => $"{i},Dorn {i},plain,Ulm"
    };
}
