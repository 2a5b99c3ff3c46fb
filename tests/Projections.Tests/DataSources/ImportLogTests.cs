using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.Projections.DataSources;

namespace Crm.Projections.Tests.DataSources;

public sealed class ImportLogTests
{
    private static readonly DataSourceRowSetAside SetAside =
        new("acme", "opportunity", "deals.csv", 17, "D-1", "undated", "opened has no date.", new Personal("enc:v1:k1:Y2VsbHM="), "opened");

    private static readonly DataSourceRowNoted Noted =
        new("acme", "opportunity", "deals.csv", 17, "D-1", "no-customer", "customer is empty.", "customer");

    [Fact]
    public void A_row_that_is_set_aside_is_kept_with_all_that_is_wrong_with_it()
    {
        var row = new Story<ImportLog.Row>(Catalog.ImportLog).Then(0, SetAside).Then(0, Noted).Row!;

        (row.State, row.Reason, row.Field, row.Cells).ShouldBe(("set-aside", "undated", "opened", "enc:v1:k1:Y2VsbHM="));
        row.Notes.ShouldBe(["no-customer"]);
    }

    [Fact]
    public void A_row_that_was_corrected_is_accepted_and_its_cells_are_let_go()
    {
        var row = new Story<ImportLog.Row>(Catalog.ImportLog).Then(0, SetAside).Then(0, Noted)
            .Then(1, new DataSourceRowAccepted("acme", "opportunity", "deals-2.csv", 3, "D-1")).Row!;

        (row.State, row.Reason, row.File, row.Line, row.Cells).ShouldBe(("accepted", "undated", "deals-2.csv", 3, null));
        row.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_row_in_which_something_is_still_missing_is_noted() =>
        new Story<ImportLog.Row>(Catalog.ImportLog).Then(0, SetAside).Then(1, new DataSourceRowAccepted("acme", "opportunity", "deals.csv", 17, "D-1"))
            .Then(1, Noted).Row!.State.ShouldBe("noted");
}
