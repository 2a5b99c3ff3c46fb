using Crm.Api.Access;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.Domain.Campaigns;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.Forecasting;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Domain.Tasks;

namespace Crm.Api.Tasks;

/// <summary>Keeps tasks from being about nothing. A record that is out of the caller's sight is none to him.</summary>
public sealed class KnownSubjects(Commands commands)
{
    /// <exception cref="Http.Problem">403: the caller may read no records of that kind.</exception>
    /// <exception cref="Rejection">There is no such record, or it is out of sight.</exception>
    /// <param name="member">What names it in the request.</param>
    public async Task MustSee(Caller by, About? about, CancellationToken ct, string member = "about")
    {
        if (about is null)
        {
            return;
        }

        if (SubjectSight.FunctionFor(ChoiceShape.Spell(about.Kind.ToString())) is { } function && !by.Rights.Functions.Contains(function))
        {
            throw Refusal.NotPermitted(function);
        }

        if (!await IsThere(by, about, ct))
        {
            throw Missing(about.Kind, member);
        }
    }

    private async Task<bool> IsThere(Caller by, About about, CancellationToken ct)
    {
        return about.Kind switch
        {
            AboutKind.Lead => await State(LeadDecider.Instance) is { Captured: not null } lead && Sees(lead),
            AboutKind.Customer => (await State(CustomerDecider.Instance)).Registered is not null,
            AboutKind.Opportunity => await State(OpportunityDecider.Instance) is { Opened: not null } opportunity && Sees(opportunity),
            AboutKind.Contact => (await State(ContactDecider.Instance)).Registered is not null,
            AboutKind.Order => (await State(OrderDecider.Instance)).Signed is not null,
            AboutKind.Campaign => (await State(CampaignDecider.Instance)).Registered is not null,
            AboutKind.Forecast => await State(ForecastDecider.Instance) is { Run.Manifest.Scope: var scope }
                && by.Sight.Owners?.Own(scope.Rep, scope.Team) != false,
            _ => false
        };

        bool Sees(IOwned record) => by.Sight.Owners?.Own(record.Rep, record.Team) != false;

        async Task<TState> State<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider)
            where TState : class where TCommand : notnull where TEvent : notnull =>
            (await commands.Latest(decider, by.Tenant, about.Id, ct)).State;
    }

    private static Rejection Missing(AboutKind kind, string member) => kind switch
    {
        AboutKind.Lead => Rejection.BrokenRule("lead.unknown", "There is no such lead.", member),
        AboutKind.Customer => Rejection.BrokenRule("customer.unknown", "There is no such customer.", member),
        AboutKind.Opportunity => Rejection.BrokenRule("opportunity.unknown", "There is no such opportunity.", member),
        AboutKind.Contact => Rejection.BrokenRule("contact.unknown", "There is no such contact.", member),
        AboutKind.Order => Rejection.BrokenRule("order.unknown", "There is no such order.", member),
        AboutKind.Forecast => Rejection.BrokenRule("forecast.unknown", "There is no such forecast.", member),
        _ => Rejection.BrokenRule("campaign.unknown", "There is no such campaign.", member)
    };
}
