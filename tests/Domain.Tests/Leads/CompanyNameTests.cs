using Crm.Domain.Leads;

namespace Crm.Domain.Tests.Leads;

public sealed class CompanyNameTests
{
    [Theory]
    [InlineData("Acme GmbH", "ACME G.m.b.H.")]
    [InlineData("Acme Co., Ltd.", "ＡＣＭＥ  co ltd")]
    [InlineData("Acme GmbH & Co. KG", "acme")]
    [InlineData("苏州博恩仪器有限公司", "苏州博恩仪器股份有限公司")]
    [InlineData("苏州博恩仪器集团有限公司", "苏州博恩仪器")]
    [InlineData("O'Brien Inc.", "OBrien")]
    [InlineData("Müller AG", "müller")]
    [InlineData("博恩（苏州）有限公司", "博恩(苏州)")]
    public void A_company_is_the_same_in_another_legal_form_or_spelling(string one, string other)
    {
        CompanyName.Key(one).ShouldBe(CompanyName.Key(other));
        CompanyName.Similarity(one, other).ShouldBe(1m);
    }

    [Theory]
    [InlineData("Lot 1.12", "Lot 11.2")]
    [InlineData("Acme North", "Acme South")]
    [InlineData("苏州博恩", "苏州恩博")]
    public void Names_that_differ_in_more_stay_apart(string one, string other) => CompanyName.Key(one).ShouldNotBe(CompanyName.Key(other));

    [Theory]
    [InlineData("Group", "group")]
    [InlineData("有限公司", "有限公司")]
    [InlineData("SAP SE", "sap")]
    public void A_name_that_is_nothing_but_a_form_stays(string name, string key) => CompanyName.Key(name).ShouldBe(key);

    [Fact]
    public void Nothing_is_like_nothing() => CompanyName.Similarity("…", "").ShouldBe(0m);

    // night: ^n ni ig gh ht t$; nacht: ^n na ac ch ht t$. Three of six are shared.
    [Fact]
    public void Names_are_as_alike_as_the_runs_that_they_share() => CompanyName.Similarity("night", "nacht").ShouldBe(0.5m);

    [Theory]
    [InlineData("苏州博恩仪器有限公司", "苏州博恩仪器科技有限公司", 0.7, 0.99)]
    [InlineData("Siemens Energy", "Simens Energy", 0.8, 0.99)]
    [InlineData("苏州博恩仪器有限公司", "杭州海康威视有限公司", 0, 0.3)]
    public void Alike_is_told_from_other(string one, string other, double least, double most)
    {
        var alike = (double)CompanyName.Similarity(one, other);
        alike.ShouldBeInRange(least, most);
        CompanyName.Similarity(other, one).ShouldBe((decimal)alike);
    }

    [Theory]
    [InlineData(0, SizeBand.Small)]
    [InlineData(49, SizeBand.Small)]
    [InlineData(50, SizeBand.Medium)]
    [InlineData(199, SizeBand.Medium)]
    [InlineData(200, SizeBand.Large)]
    [InlineData(999, SizeBand.Large)]
    [InlineData(1000, SizeBand.Enterprise)]
    public void Bands_of_size_are_half_open(int employees, SizeBand band) => SizeBands.Of(employees).ShouldBe(band);
}
