using System.Text.RegularExpressions;
using Crm.Api.Tests.Http;
using Crm.Domain.Access;
using Crm.Domain.Campaigns;
using Crm.Domain.Commitments;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Domain.Playbooks;
using Crm.Domain.ProductRequests;
using Crm.Domain.Tasks;
using Crm.Domain.Tickets;

namespace Crm.Api.Tests;

/// <summary>Every code that the source can give has a row in docs/problems.md, and every row a code in the source.</summary>
public sealed partial class ProblemCodesTests
{
    private static readonly string[] StreamTypes = [
        LeadDecider.Instance.StreamType, CustomerDecider.Instance.StreamType, ContactDecider.Instance.StreamType, CampaignDecider.Instance.StreamType,
        OpportunityDecider.Instance.StreamType, OrderDecider.Instance.StreamType, TaskDecider.Instance.StreamType,
        PlaybookDecider.Instance.StreamType, AccessDecider.Instance.StreamType, CommitmentDecider.Instance.StreamType, DeliveryPlanDecider.Instance.StreamType,
        TicketDecider.Instance.StreamType, ProductRequestDecider.Instance.StreamType];

    private static readonly IReadOnlyList<string> Sources = [.. new[] { "Domain", "Api" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(DocsTests.Root(), "src", project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")).Select(File.ReadAllText)];

    private static readonly IReadOnlyList<string> Explained = [.. File.ReadAllLines(Path.Combine(DocsTests.Root(), "docs", "problems.md"))
        .Select(line => Row().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Every_code_in_the_source_is_explained() => Codes().Except(Explained).ShouldBeEmpty();

    [Fact]
    public void Every_code_that_is_explained_is_in_the_source() => Explained.Except(Codes()).Except(Crm.Api.Http.Code.All).ShouldBeEmpty();

    [Fact]
    public void No_code_is_explained_twice() => Explained.ShouldBeUnique();

    [Fact]
    public void Codes_are_written_out_but_for_the_kind_of_record_so_that_they_can_be_searched_for() => MadeUpCodes()
        .Where(code => !OfEachStreamType().IsMatch(code)).ShouldBeEmpty();

    // A name with a dot is a code wherever it stands in the domain; at the edge, codes stand beside their status or their place.
    private static IEnumerable<string> Codes() => Sources
        .SelectMany(source => Dotted().Matches(source).Concat(BesideItsStatus().Matches(source)).Concat(BesideItsPlace().Matches(source)))
        .Select(match => match.Groups[1].Value)
        .Concat(MadeUpCodes().SelectMany(code => StreamTypes.Select(type => OfEachStreamType().Replace(code, type)))).Distinct();

    private static IEnumerable<string> MadeUpCodes() => Sources.SelectMany(source => MadeUp().Matches(source)).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| `([^`]+)` \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"""((?:access|automation|lead|customer|contact|campaign|opportunity|order|task|alert|channel|notifications|message|playbook|form|score|touch|time|money|webhook|import|upload|export|attachment|spot-check|approval|commitment|delivery-plan|article|visit|help-request|daily-report|ticket|product-request|warning|forecast|data-source|source-reading)\.[a-z-]+)""")]
    private static partial Regex Dotted();

    [GeneratedRegex(@"new(?: Problem)?\(\s*[45]\d\d,\s*""([^""]+)""")]
    private static partial Regex BesideItsStatus();

    [GeneratedRegex(@"Fault\.In\w+\([^;]*?,\s*""([a-z-]+)"",")]
    private static partial Regex BesideItsPlace();

    [GeneratedRegex(@"(?:Rejection\.\w+|new Problem)\((?:\s*\d+,)?\s*\$""([^""]+)""")]
    private static partial Regex MadeUp();

    [GeneratedRegex(@"^\{(decider\.S|s)treamType\}")]
    private static partial Regex OfEachStreamType();
}
