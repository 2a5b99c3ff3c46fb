using Crm.Api.Audit;
using Crm.Api.Http.Shapes;
using Crm.Projections;

namespace Crm.Api.Tests.Audit;

public sealed class AuditSubjectTests
{
    [Fact]
    public void The_trail_can_be_asked_for_every_kind_of_record_that_it_tells_of() =>
        Enum.GetNames<AuditSubject>().Select(ChoiceShape.Spell).Order().ShouldBe(
            EventCatalog.Types.AliasesOf(typeof(object)).Select(alias => AuditTrail.SubjectOf(EventCatalog.Types.NewestOf(alias)!))
                .Append(AuditTrail.Other).Distinct().Order());
}
