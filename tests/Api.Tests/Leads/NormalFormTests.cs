using Crm.Api.Leads;

namespace Crm.Api.Tests.Leads;

public sealed class NormalFormTests
{
    [Theory]
    [InlineData("13800138000", "CN", "+8613800138000")]
    [InlineData("138 0013 8000", "CN", "+8613800138000")]
    [InlineData("１３８－００１３－８０００", "CN", "+8613800138000")]
    [InlineData("0086 138-0013-8000", "CN", "+8613800138000")]
    [InlineData("+86 (138) 0013 8000", "DE", "+8613800138000")]
    [InlineData("13800138000", "DE", "+8613800138000")]
    [InlineData("021-62345678", "CN", "+862162345678")]
    [InlineData("021-62345678 转 801", "CN", "+862162345678;ext=801")]
    [InlineData("030 901820", "DE", "+4930901820")]
    [InlineData("+1 415 555 2671", "CN", "+14155552671")]
    public void A_telephone_number_is_written_as_E_164(string said, string country, string number)
    {
        NormalForm.Phone(said, country).ShouldBe(number);
        NormalForm.Phone(number, country).ShouldBe(number);
        NormalForm.IsPhone(number).ShouldBeTrue();
    }

    [Theory]
    [InlineData(" ask  Wang ", "ask Wang")]
    [InlineData("12", "12")]
    [InlineData("+86 512 0000", "+86 512 0000")]
    public void What_is_no_number_stays_as_it_was_said(string said, string kept)
    {
        NormalForm.Phone(said, "CN").ShouldBe(kept);
        NormalForm.IsPhone(kept).ShouldBeFalse();
    }

    [Theory]
    [InlineData(" Wang.Fang@Example.COM ", "wang.fang@example.com")]
    [InlineData("ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "wang@example.com")]
    [InlineData("info@MÜLLER.de", "info@xn--mller-kva.de")]
    public void A_mail_address_has_small_letters(string said, string address)
    {
        NormalForm.Email(said).ShouldBe(address);
        NormalForm.IsEmail(address).ShouldBeTrue();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("a@b")]
    [InlineData("@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@example.")]
    public void What_is_no_address_tells_nobody(string said) => NormalForm.IsEmail(NormalForm.Email(said)!).ShouldBeFalse();

    [Theory]
    [InlineData("江苏省", "江苏")]
    [InlineData("广西壮族自治区", "广西")]
    [InlineData("北京市", "北京")]
    [InlineData("香港特别行政区", "香港")]
    [InlineData("江苏", "江苏")]
    [InlineData("沙市", "沙市")]
    [InlineData("  North   East ", "North East")]
    public void A_region_is_named_without_its_kind(string said, string region) => NormalForm.Region(said).ShouldBe(region);

    [Fact]
    public void Texts_are_of_half_width() => NormalForm.Text("　Ａｃｍｅ　（苏州）  ").ShouldBe("Acme (苏州)");

    [Theory]
    [InlineData("Asia/Shanghai", "CN")]
    [InlineData("Europe/Berlin", "DE")]
    [InlineData("UTC", "CN")]
    public void Numbers_are_where_the_tenant_is(string zone, string country) => NormalForm.CountryOf(zone).ShouldBe(country);
}
