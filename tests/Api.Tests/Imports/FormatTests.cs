using System.Globalization;
using Crm.Api.Imports;
using NodaTime;

namespace Crm.Api.Tests.Imports;

public sealed class FormatTests
{
    [Theory]
    [InlineData("1054", "1054")]
    [InlineData("-3.5", "-3.5")]
    [InlineData("1,5", null)]
    [InlineData("1E3", null)]
    [InlineData("", null)]
    [InlineData(".5", "0.5")]
    [InlineData("1.2.3", null)]
    public void Numbers_are_plain_where_nothing_is_said(string text, string? value) =>
        NumberFormat.Invariant.Parse(text).ShouldBe(value is null ? null : decimal.Parse(value, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("1.234,50 €", "1234.5")]
    [InlineData("€-1.234", "-1234")]
    [InlineData("-€ 1.234", "-1234")]
    [InlineData("1.23", null)]
    [InlineData("12.34.567", "1234567")]
    [InlineData("1.234.56", null)]
    [InlineData("1234,5", "1234.5")]
    [InlineData("€", null)]
    public void Numbers_are_read_as_a_company_writes_them(string text, string? value) =>
        new NumberFormat(',', '.', ["€"]).Parse(text).ShouldBe(value is null ? null : decimal.Parse(value, CultureInfo.InvariantCulture));

    [Fact]
    public void A_narrow_space_is_a_space_between_thousands() => new NumberFormat(',', ' ', []).Parse("1\u202F234\u00A0567").ShouldBe(1234567m);

    [Theory]
    [InlineData("2025-02-03", "2025-02-02T23:00:00Z")]
    [InlineData("2025-02-03 08:15:00", "2025-02-03T07:15:00Z")]
    [InlineData("2025-02-03T08:15:00Z", "2025-02-03T08:15:00Z")]
    [InlineData("2025-02-03T08:15:00-05:00", "2025-02-03T13:15:00Z")]
    [InlineData("2025-03-30 02:30:00", "2025-03-30T01:30:00Z")]
    [InlineData("2025-02-30", null)]
    [InlineData("0001-01-01", null)]
    [InlineData("03.02.2025", null)]
    public void A_day_begins_where_the_company_is(string text, string? moment) =>
        DateFormat.Iso.Moment(text, DateTimeZoneProviders.Tzdb["Europe/Berlin"])
            .ShouldBe(moment is null ? null : DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture));
}
