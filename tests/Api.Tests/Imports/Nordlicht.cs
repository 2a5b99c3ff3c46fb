using System.Text;

namespace Crm.Api.Tests.Imports;

/// <summary>An invented company that sells pumps to shipyards, and writes its files the way people do.</summary>
internal static class Nordlicht
{
    public const string Mapping = """
        {
          "source": "nordlicht",
          "currency": "EUR",
          "timeZone": "Europe/Berlin",
          "dates": ["d.M.yyyy", "d.M.yyyy HH:mm"],
          "numbers": { "decimal": ",", "thousands": ".", "symbols": ["€"] },
          "missing": ["-", "Select"],
          "delimiter": ";",
          "encoding": "utf-8",
          "aliases": { "artikel": { "Pumpe-A": "Pumpe A" } },
          "lookups": { "artikel": { "file": "artikel.csv", "key": "artikel" } },
          "pipeline": { "key": "nordlicht", "name": "Nordlicht", "stages": ["Kontakt", "Angebot"] },
          "customers": { "file": "firmen.csv", "key": "nr", "name": "firma", "employees": "leute", "parent": "mutter" },
          "opportunities": {
            "file": "chancen.csv",
            "key": ["jahr", "nummer"],
            "name": [{ "template": "{artikel} für {firma}" }, "artikel"],
            "customer": "firma",
            "product": "artikel",
            "rep": { "column": "wer", "ifMissing": "note" },
            "region": { "lookup": "artikel", "column": "gebiet" },
            "opened": {
              "at": "offen",
              "when": { "stand": ["offen", "gewonnen", "verloren"] },
              "amount": ["wert", { "lookup": "artikel", "column": "preis" }]
            },
            "stages": [{ "at": "angebot", "stage": { "constant": "Angebot" } }],
            "won": { "when": { "stand": "gewonnen" }, "at": "zu", "amount": { "column": "wert", "ifMissing": "note" } },
            "lost": { "when": { "stand": "verloren" }, "at": "zu", "reason": { "column": "grund", "map": { "Preis": "price", "Zeit": "timing" } } }
          }
        }
        """;

    public const string Articles = "\uFEFFartikel;preis;gebiet\r\nPumpe A;1.200,50;Nord\r\nPumpe B;€ 800;Süd\r\n";

    public const string Companies = "nr;firma;leute;mutter\nF1;Hafen AG;1.200;\nF2;\"Werft; \"\"Söhne\"\"\nGmbH\";-;F1\nF3;Kai KG;viele;F9\n";

    // The first line is the header; the numbers are the lines of the file.
    public static readonly IReadOnlyList<string> Chances =
    [
        "jahr; nummer ;firma;artikel;wert;stand;offen;angebot;zu;grund;wer",
        /*  2 */ "2025;1;F1;Pumpe-A;;gewonnen;3.2.2025;10.2.2025;1.3.2025 14:30;;ann",
        /*  3 */ "2025;2;F2;\"Pumpe B\";\"1.000,00 €\";verloren;4.2.2025;;5.2.2025;Preis;ben",
        /*  4 */ "2025;3;;Pumpe B;950;offen;6.2.2025;;;;",
        /*  5 */ "2025;4;F7;Pumpe C;70;offen;7.2.2025;;;;ann",
        /*  6 */ "2025;5;F1;Pumpe C;;offen;7.2.2025;;;;ann",
        /*  7 */ "2025;6;F1;Pumpe A;;offen;;;;;ann",
        /*  8 */ "2025;7;F1;Pumpe A;12,5x;offen;31.2.2025;;;;ann",
        /*  9 */ "2025;8;F1;Pumpe A;;ruht;8.2.2025;;;;ann",
        /* 10 */ "2025;9;F1;Pumpe A;;verloren;8.2.2025;;9.2.2025;Laune;ann",
        /* 11 */ "2025;10;F1;Pumpe A;;gewonnen;8.2.2025;;7.2.2025;;ann",
        /* 12 */ "2025;1;F1;Pumpe A;;offen;3.2.2025;;;;ann",
        /* 13 */ "2025;;F1;Pumpe A;;offen;3.2.2025;;;;ann",
        /* 14 */ "2025;11;F1;Pumpe A;;offen;3.2.2025",
        /* 15 */ "2025;12;F1;\"Pumpe A\"x;;offen;3.2.2025;;;;ann",
        /* 16 */ "2025;13;F1;Pumpe 5\" A;100,005;offen;3.2.2025;;;;ann;;",
        /* 17 */ "2025;14;F1;Pumpe A;-5;offen;3.2.2025;;;;ann",
        /* 18 */ "",
        /* 19 */ "2025;15;F1;Pumpe A;10;offen;1.1.2999;;;;ann",
        /* 20 */ "2025;16;F1;Pumpe \u00FF;10;offen;3.2.2025;;;;ann"
    ];

    public static Folder Files(IEnumerable<string>? chances = null) => new Folder()
        .With("artikel.csv", Articles).With("firmen.csv", Companies).With("chancen.csv", Bytes(chances ?? Chances));

    // The ÿ of the last line goes in as a single byte, which is no UTF-8; everything else there is ASCII or €.
    public static byte[] Bytes(IEnumerable<string> lines) =>
        [.. string.Join('\n', lines).SelectMany(c => c == '\u00FF' ? [0xFF] : Encoding.UTF8.GetBytes([c]))];
}
