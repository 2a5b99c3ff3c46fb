using System.Text.RegularExpressions;
using Crm.Api.Access;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Access;

/// <summary>What each role that every tenant has may do: told here operation by operation, so that a changed right is seen, and tried out.</summary>
public sealed partial class RolesTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    private const string Approved = """
        QUERY /api/v1/campaigns: admin analyst integration manager rep
        QUERY /api/v1/commitments: admin analyst integration manager rep
        QUERY /api/v1/contacts: admin analyst integration manager rep
        QUERY /api/v1/customers: admin analyst integration manager rep
        QUERY /api/v1/leads: admin analyst integration manager rep
        QUERY /api/v1/opportunities: admin analyst integration manager rep
        QUERY /api/v1/orders: admin analyst integration manager rep
        QUERY /api/v1/tasks: admin analyst integration manager rep
        acceptLearnedWarnings: admin
        acceptSourceReading: admin ops
        activateScoreModel: admin
        addChannel: admin
        addMember: admin
        addTeam: admin
        answerHelp: admin manager rep
        answerTicket: admin integration manager rep
        appendImportFile: admin integration
        askHelp: admin manager rep
        assignLead: admin integration manager
        assignOpportunity: admin integration manager
        assignTicket: admin integration manager rep
        assumeForecast: admin analyst manager
        attachToCustomer: admin integration manager rep
        attachToLead: admin integration manager rep
        attachToOpportunity: admin integration manager rep
        backtestForecasts: admin analyst manager
        breakCommitment: admin integration manager rep
        callSpotCheck: admin manager
        cancelBacktest: admin analyst manager
        cancelHistoryExport: admin
        cancelImportJob: admin integration
        cancelPlaybookSimulation: admin
        cancelScoreTraining: admin
        cancelTask: admin integration manager rep
        captureLead: admin integration manager rep
        changeAmount: admin integration manager rep
        changeCampaign: admin integration manager
        changeChannel: admin
        changeCloseDate: admin integration manager rep
        changeContact: admin integration manager rep
        changeCustomer: admin integration manager rep
        changeDataSource: admin ops
        changeForm: admin manager
        changeLead: admin integration manager rep
        changeOpportunity: admin integration manager rep
        changeWebhook: admin integration
        chooseNotifications: admin analyst integration manager ops rep
        claimLead: admin manager rep
        compareForecasts: admin analyst manager
        confirmDelivery: admin integration manager rep
        confirmPayment: admin integration manager rep
        correctOpportunity: admin manager
        countUnreadAlerts: admin analyst integration manager ops rep
        decideApproval: admin manager rep
        defineRole: admin
        delegateApprovals: admin manager rep
        deliverOrder: admin integration manager
        detachFromCustomer: admin integration manager rep
        detachFromLead: admin integration manager rep
        detachFromOpportunity: admin integration manager rep
        disableWebhook: admin integration
        discardPlaybookDraft: admin
        dismissAlert: admin analyst integration manager ops rep
        dismissAutomationFailure: admin ops
        disqualifyLead: admin manager rep
        downloadCustomerAttachment: admin integration manager rep
        downloadLeadAttachment: admin integration manager rep
        downloadOpportunityAttachment: admin integration manager rep
        drawSpotCheck: admin manager
        dropDeliveryPlan: admin integration manager
        enableWebhook: admin integration
        enterStage: admin integration manager rep
        exportCampaigns: admin analyst integration manager rep
        exportCommitments: admin analyst integration manager rep
        exportContacts: admin analyst integration manager rep
        exportCustomers: admin analyst integration manager rep
        exportForms: admin manager
        exportHistory: admin
        exportImportRows: admin analyst integration ops
        exportLeads: admin analyst integration manager rep
        exportOpportunities: admin analyst integration manager rep
        exportOrders: admin analyst integration manager rep
        exportTasks: admin analyst integration manager rep
        finishTask: admin integration manager rep
        flagLead: admin manager
        flagOpportunity: admin manager
        flagOrder: admin manager
        getActivity: admin analyst manager rep
        getApiKey: admin manager ops
        getApproval: admin analyst manager rep
        getArticle: admin analyst manager rep
        getArticleEvents: admin analyst manager rep
        getBacktest: admin analyst manager
        getBacktestReport: admin analyst manager
        getCadence: admin analyst manager rep
        getCampaign: admin analyst integration manager rep
        getCampaignEvents: admin analyst integration manager rep
        getCampaignHistory: admin analyst integration manager rep
        getChannel: admin analyst manager ops rep
        getCommitment: admin analyst integration manager rep
        getCommitmentEvents: admin analyst integration manager rep
        getCommitmentHistory: admin analyst integration manager rep
        getCompliance: admin analyst manager rep
        getContact: admin analyst integration manager rep
        getContactEvents: admin analyst integration manager rep
        getContactHistory: admin analyst integration manager rep
        getConversion: admin analyst manager
        getCurrentForecast: admin analyst manager
        getCustomer: admin analyst integration manager rep
        getCustomerByExternalId: admin analyst integration manager rep
        getCustomerDecisionChain: admin analyst integration manager rep
        getCustomerEvents: admin analyst integration manager rep
        getCustomerHistory: admin analyst integration manager rep
        getCustomerJourney: admin analyst integration manager rep
        getCustomerLocation: admin analyst manager rep
        getCustomerOverview: admin analyst integration manager rep
        getDailyReport: admin analyst manager rep
        getDailyReports: admin analyst manager rep
        getDataSource: admin analyst integration manager ops
        getDeliveryPlan: admin analyst integration manager rep
        getEvent: admin analyst integration manager
        getEventSchema: admin analyst integration manager
        getEventType: admin analyst integration manager
        getFollowUpPack: admin analyst manager rep
        getForecast: admin analyst manager
        getForm: admin manager
        getHandover: admin
        getHelpReport: admin analyst manager rep
        getHelpRequest: admin analyst manager rep
        getHistoryExport: admin
        getHistoryExportFile: admin
        getImport: admin analyst integration ops
        getImportFile: admin integration
        getImportJob: admin analyst integration ops
        getImportProfile: admin integration
        getImportResults: admin integration
        getLead: admin analyst integration manager rep
        getLeadDuplicates: admin analyst integration manager rep
        getLeadEvents: admin analyst integration manager rep
        getLeadHistory: admin analyst integration manager rep
        getLeadLevel: admin analyst integration manager rep
        getLeadLevels: admin analyst integration manager rep
        getLeadNurture: admin analyst integration manager rep
        getLeadScore: admin analyst manager rep
        getLifecycle: admin analyst integration manager rep
        getMe: admin analyst integration manager ops rep
        getMember: admin manager ops
        getMessage: admin manager ops
        getNotifications: admin analyst integration manager ops rep
        getOpportunity: admin analyst integration manager rep
        getOpportunityDecisionChain: admin analyst integration manager rep
        getOpportunityEvents: admin analyst integration manager rep
        getOpportunityGates: admin analyst integration manager rep
        getOpportunityHistory: admin analyst integration manager rep
        getOpportunityReview: admin analyst integration manager rep
        getOpportunityWarnings: admin analyst integration manager rep
        getOrder: admin analyst integration manager rep
        getOrderEvents: admin analyst integration manager rep
        getOrderHistory: admin analyst integration manager rep
        getPipeline: admin analyst manager rep
        getPlaybook: admin analyst manager ops rep
        getPlaybookDraft: admin analyst manager ops rep
        getPlaybookSchema: admin analyst manager ops rep
        getPlaybookSimulation: admin
        getPlaybookVersion: admin analyst manager ops rep
        getProductRequest: admin analyst integration manager rep
        getProductRequestEvents: admin analyst integration manager rep
        getRole: admin manager ops
        getScoreModel: admin analyst manager rep
        getScoreTraining: admin
        getSilence: admin analyst integration manager rep
        getSourceReading: admin analyst integration manager ops
        getSpotCheck: admin analyst manager rep
        getTask: admin analyst integration manager rep
        getTaskBoard: admin analyst integration manager rep
        getTaskEvents: admin analyst integration manager rep
        getTaskHistory: admin analyst integration manager rep
        getTeam: admin manager ops
        getTicket: admin analyst integration manager rep
        getTicketEvents: admin analyst integration manager rep
        getWarningTraining: admin
        getWebhook: admin integration ops
        getWebhookHealth: admin integration ops
        getWinRate: admin analyst manager
        giveRole: admin
        handOnHelp: admin analyst manager rep
        handOver: admin
        identifyCustomer: admin integration manager rep
        issueApiKey: admin
        joinProductRequest: admin integration manager rep
        joinTeam: admin
        keepCommitment: admin integration manager rep
        learnWarnings: admin
        linkLogin: admin
        listAlerts: admin analyst integration manager ops rep
        listApiKeys: admin manager ops
        listApprovals: admin analyst manager rep
        listArticles: admin analyst manager rep
        listAudit: admin analyst manager
        listAutomationFailures: admin manager ops
        listAutomationTrials: admin manager ops
        listAutomations: admin manager ops
        listBacktests: admin analyst manager
        listBuyingRoles: admin analyst integration manager rep
        listCampaigns: admin analyst integration manager rep
        listChanges: admin analyst integration manager
        listChannels: admin analyst manager ops rep
        listCommitmentClashes: admin analyst integration manager rep
        listCommitments: admin analyst integration manager rep
        listContacts: admin analyst integration manager rep
        listCustomerAttachments: admin integration manager rep
        listCustomerTouches: admin analyst integration manager rep
        listCustomers: admin analyst integration manager rep
        listDataSources: admin analyst integration manager ops
        listDeliveryPlans: admin analyst integration manager rep
        listEventTypes: admin analyst integration manager
        listEvents: admin analyst integration manager
        listForecastContributions: admin analyst manager
        listForecasts: admin analyst manager
        listForms: admin manager
        listHelpRequests: admin analyst manager rep
        listHistoryExports: admin
        listImportRows: admin analyst integration ops
        listImports: admin analyst integration ops
        listKnowledge: admin analyst manager rep
        listLeadAttachments: admin integration manager rep
        listLeads: admin analyst integration manager rep
        listLearnedWarnings: admin
        listMembers: admin manager ops
        listMessages: admin manager ops
        listOpportunities: admin analyst integration manager rep
        listOpportunitiesAtRisk: admin analyst integration manager rep
        listOpportunityAttachments: admin integration manager rep
        listOrders: admin analyst integration manager rep
        listOverdueCustomers: admin analyst integration manager rep
        listPlaybookTemplates: admin analyst manager ops rep
        listPlaybookVersions: admin analyst manager ops rep
        listPool: admin manager rep
        listProductRequests: admin analyst integration manager rep
        listRoles: admin manager ops
        listScoreModels: admin analyst manager rep
        listScoreTrainings: admin
        listSilentLeads: admin analyst integration manager rep
        listSourceReadings: admin analyst integration manager ops
        listSpotChecks: admin analyst manager rep
        listTasks: admin analyst integration manager rep
        listTeams: admin manager ops
        listTickets: admin analyst integration manager rep
        listVisits: admin analyst manager rep
        listWarningTrainings: admin
        listWebhookDeliveries: admin integration ops
        listWebhooks: admin integration ops
        locateCustomer: admin integration manager rep
        loseOpportunity: admin integration manager rep
        lowerLead: admin integration manager rep
        makeCommitment: admin integration manager rep
        makeImport: admin integration
        mapImport: admin integration
        mergeLead: admin integration manager rep
        moveCommitment: admin integration manager rep
        moveTeam: admin
        noteLead: admin integration manager rep
        noteOpportunity: admin integration manager rep
        openOpportunity: admin integration manager rep
        openTask: admin integration manager rep
        openTaskCalendar: admin analyst integration manager rep
        openTicket: admin integration manager rep
        pauseDataSource: admin ops
        payOrder: admin integration manager
        planDelivery: admin integration manager
        profileImport: admin integration
        publishForm: admin manager
        publishPlaybook: admin
        publishSpotCheck: admin manager
        pushSourceReading: admin integration
        qualifyLead: admin manager rep
        raiseLead: admin integration manager rep
        raiseProductRequest: admin integration manager rep
        readAlert: admin analyst integration manager ops rep
        reassignTask: admin integration manager rep
        reconcileCommitment: admin integration manager rep
        redeliverToWebhook: admin integration
        registerCampaign: admin integration manager
        registerContact: admin integration manager rep
        registerCustomer: admin integration manager rep
        registerDataSource: admin ops
        registerWebhook: admin integration
        reinstateMember: admin
        rejectSourceReading: admin ops
        releaseLead: admin integration manager rep
        removeChannel: admin
        removeImportFile: admin integration
        removeWebhook: admin integration
        reopenOpportunity: admin integration manager rep
        reopenTask: admin integration manager rep
        reopenTicket: admin integration manager rep
        replayForecast: admin analyst manager
        replayToWebhook: admin integration
        requestApproval: admin manager rep
        rescheduleTask: admin integration manager rep
        restateForecast: admin analyst manager
        resubscribeContact: admin integration manager rep
        resubscribeLead: admin integration manager rep
        resumeDataSource: admin ops
        retireArticle: admin manager
        retireDataSource: admin ops
        retireForm: admin manager
        retireLearnedWarnings: admin
        retireScoreModel: admin
        retryAutomation: admin ops
        retryMessage: admin
        reviewOpportunity: admin integration manager rep
        reviseArticle: admin manager
        reviveLead: admin manager rep
        revokeApiKey: admin
        revokeTaskCalendar: admin analyst integration manager rep
        rollBackPlaybook: admin
        rotateApiKey: admin
        rotateWebhookSecret: admin integration
        runForecast: admin analyst manager
        runImport: admin integration
        savePlaybookDraft: admin
        searchCampaigns: admin analyst integration manager rep
        searchCommitments: admin analyst integration manager rep
        searchContacts: admin analyst integration manager rep
        searchCustomers: admin analyst integration manager rep
        searchLeads: admin analyst integration manager rep
        searchOpportunities: admin analyst integration manager rep
        searchOrders: admin analyst integration manager rep
        searchTasks: admin analyst integration manager rep
        sendBatch: admin analyst integration manager ops rep
        setCustomerTier: admin integration manager rep
        setProductRequestState: admin manager
        shadowScoreModel: admin
        signOrder: admin integration manager rep
        simulateForecast: admin analyst manager
        simulatePlaybook: admin
        solveTicket: admin integration manager rep
        spendOnCampaign: admin integration manager
        startLeadNurture: admin integration manager rep
        stopLeadNurture: admin integration manager rep
        streamEvents: admin analyst integration manager
        submitDailyReport: admin manager rep
        suggestAnswers: admin analyst manager rep
        suspendMember: admin
        switchAutomation: admin ops
        syncVisits: admin manager rep
        tagCustomer: admin integration manager rep
        testChannel: admin
        testWebhook: admin integration
        touchLead: admin integration manager rep
        touchOpportunity: admin integration manager rep
        trainScoreModel: admin
        transferApproval: admin manager rep
        tryImport: admin integration
        undoImport: admin integration
        unlinkLogin: admin
        unmergeLead: admin integration manager rep
        uploadImportFile: admin integration
        uploadImportFiles: admin integration
        upsertCustomerByExternalId: admin integration manager rep
        upsertTicketByExternalId: admin integration manager rep
        validatePlaybook: admin analyst manager ops rep
        winOpportunity: admin integration manager rep
        withdrawApproval: admin manager rep
        withdrawCommitment: admin integration manager rep
        withdrawHelp: admin manager rep
        withdrawLeadFlag: admin manager
        withdrawOpportunityFlag: admin manager
        withdrawOrderFlag: admin manager
        withdrawPlaybook: admin
        writeArticle: admin manager
        """;

    [Fact]
    public void Each_role_may_use_the_operations_that_were_approved()
    {
        var table = Operations().Select(o =>
            $"{o.Id}: {string.Join(' ', BuiltInRoles.All.Where(role => o.Function is null || role.Value.Functions.Contains(o.Function)).Select(role => role.Key))}");

        table.ShouldBe(Approved.ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task Each_role_is_refused_exactly_what_it_does_not_hold()
    {
        using var admin = await crm.Tenant("roles");
        var approved = Approved.ReplaceLineEndings("\n").Split('\n').Select(line => line.Split(": ")).ToDictionary(line => line[0], line => line[1].Split(' '));
        var (let, refused) = (0, 0);
        foreach (var role in BuiltInRoles.All.Keys)
        {
            using var client = await Member(admin, role);
            foreach (var (id, function, operation) in Operations())
            {
                var reply = await MatrixTests.Ask(client, operation, MatrixTests.NewIds);
                if (approved[id].Contains(role))
                {
                    reply.Status.ShouldNotBe(403, $"{role} {id}: {reply.Text}");
                    reply.Status.ShouldBeLessThan(500, $"{role} {id}: {reply.Text}");
                    let++;
                }
                else
                {
                    (reply.Status, (await reply.Refused()).Code).ShouldBe((403, "forbidden"), $"{role} {id}: {reply.Text}");
                    reply.Text.ShouldContain(function!, customMessage: $"{role} {id}");
                    refused++;
                }
            }
        }

        output.WriteLine($"{BuiltInRoles.All.Count} roles, {Operations().Count} operations: {let} let through, {refused} refused");
        (let + refused).ShouldBe(BuiltInRoles.All.Count * Operations().Count);
    }

    [Fact]
    public async Task A_new_role_is_made_at_its_address_and_one_that_is_there_is_defined_anew()
    {
        using var admin = await crm.Tenant("role-makers");

        var made = await Define("leads.read", "first");
        var again = await Define("leads.read", "second");
        var changed = await Define("leads.write", "third");
        var replayed = await Define("leads.read", "first");

        (made.Status, made.Location).ShouldBe((201, "/api/v1/roles/clerk"));
        (again.Status, again.Location, changed.Status, changed.Location).ShouldBe((200, null, 200, null));
        replayed.Whole.ShouldBe(made.Whole);

        async Task<Reply> Define(string function, string key)
        {
            using var message = new HttpRequestMessage(HttpMethod.Put, "roles/clerk");
            message.Content = new StringContent($$"""{"functions":["{{function}}"],"scope":"own"}""", System.Text.Encoding.UTF8, "application/json");
            message.Headers.Add("Idempotency-Key", key);
            var answer = await admin.SendAsync(message);
            return new Reply(answer, await answer.Content.ReadAsStringAsync()).Ok();
        }
    }

    private async Task<HttpClient> Member(HttpClient admin, string role)
    {
        (await admin.Write("members", new { id = $"one-{role}", role })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = role, member = $"one-{role}" })).Ok()["key"]);
    }

    // As routing knows them, not as the document tells: QUERY of a list, which searches it, is there too.
    private IReadOnlyList<(string Id, string? Function, MatrixTests.Operation Operation)> Operations()
    {
        var endpoints = crm.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Needs>() is not null && e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .Select(e => (Path: Constraint().Replace(e.RoutePattern.RawText!.TrimEnd('/'), "}"), Method: e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single(),
                Name: e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, e.Metadata.GetMetadata<Needs>()!.Function)).ToList();
        return
        [
            .. endpoints.Select(e => (e.Method == "QUERY" ? $"QUERY {e.Path}" : e.Name!, e.Function,
                new MatrixTests.Operation(e.Name ?? endpoints.Single(search => search.Path == $"{e.Path}/search").Name!, e.Method, e.Path))).OrderBy(o => o.Item1, StringComparer.Ordinal)
        ];
    }

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();
}
