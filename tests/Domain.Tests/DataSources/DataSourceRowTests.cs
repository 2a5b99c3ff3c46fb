using Crm.Domain.DataSources;

namespace Crm.Domain.Tests.DataSources;

public sealed class DataSourceRowTests() : Spec<DataSourceRow, ReadRow, IDataSourceEvent>(DataSourceRowDecider.Instance)
{
    private static readonly Personal Cells = new("enc:v1:k1:Y2VsbHM=");
    private static readonly RowRemark Undated = new("undated", "There is no date in engage_date.", "engage_date");
    private static readonly RowRemark NoCustomer = new("no-customer", "There is no customer in account.", "account");
    private static readonly DataSourceRowSetAside SetAside = new(
        "acme", "opportunity", "deals.csv", 17, "D-1", "undated", "There is no date in engage_date.", Cells, "engage_date");
    private static readonly DataSourceRowNoted Noted = new(
        "acme", "opportunity", "deals.csv", 17, "D-1", "no-customer", "There is no customer in account.", "account");

    [Fact]
    public void A_row_that_cannot_be_placed_is_kept() =>
        Given().When(Read(Undated, NoCustomer)).Then(SetAside, Noted);

    [Fact]
    public void A_row_with_something_missing_is_noted() =>
        Given().When(Read(null, NoCustomer)).Then(Noted);

    [Fact]
    public void A_good_row_is_not_worth_a_word() =>
        Given().When(Read(null)).ThenNothing();

    [Fact]
    public void A_row_that_only_moved_is_the_same_row() =>
        Given(SetAside, Noted).When(Read(Undated, NoCustomer) with { Line = 18, File = "deals-2.csv" }).ThenNothing();

    [Fact]
    public void A_corrected_row_is_accepted() =>
        Given(SetAside, Noted).When(Read(null)).Then(new DataSourceRowAccepted("acme", "opportunity", "deals.csv", 17, "D-1"));

    [Fact]
    public void What_is_still_missing_is_noted_again() =>
        Given(SetAside, Noted).When(Read(null, NoCustomer))
            .Then(new DataSourceRowAccepted("acme", "opportunity", "deals.csv", 17, "D-1"), Noted);

    [Fact]
    public void Another_reason_replaces_the_one_before() =>
        Given(SetAside, Noted).When(Read(new RowRemark("bad-date", "'soon' is not a date.", "engage_date")))
            .Then(SetAside with { Reason = "bad-date", Message = "'soon' is not a date." });

    [Fact]
    public void Nothing_is_set_aside_without_its_cells() =>
        Given().When(Read(Undated) with { Row = null }).ThenRejected("data-source-row.cells", "row");

    private static ReadRow Read(RowRemark? setAside, params RowRemark[] notes) =>
        new("acme", "opportunity", "deals.csv", 17, "D-1", Cells, setAside, notes);
}
