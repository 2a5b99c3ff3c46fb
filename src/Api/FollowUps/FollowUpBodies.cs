using Crm.Api.Http;
using Crm.Api.Knowledge;
using Crm.Domain;
using Crm.Domain.Knowledge;

namespace Crm.Api.FollowUps;

/// <summary>What there is to help with an open deal. The same moment, position and versions give the same bytes.</summary>
/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersions">Of the models that were read.</param>
/// <param name="IdleSince">When it was opened, came to its stage or was touched, whichever was last; null where it is not open.</param>
/// <param name="TalkTracks">What to say: articles that are tagged for this deal or for any, those with most tags of its own first.</param>
/// <param name="CompetitorSheets">How we stand beside its competitor.</param>
/// <param name="Cases">Articles about deals that were won.</param>
/// <param name="WonDeals">Deals that were won and are most alike, with what was learned from them.</param>
/// <param name="Compared">Of the deals that were won and have industry, product or region in common with this one.</param>
public sealed record FollowUpPackAnswer(
    Guid Id, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, IReadOnlyDictionary<string, int> ReadModelVersions,
    DateTimeOffset? IdleSince, IReadOnlyList<CitedArticle> TalkTracks, IReadOnlyList<CitedArticle> CompetitorSheets,
    IReadOnlyList<CitedArticle> Cases, IReadOnlyList<CitedDeal> WonDeals, Compared Compared);

/// <summary>How much was compared: all there is, or 500; of more those that have most in common, and of these the latest.</summary>
/// <param name="Of">How much there is.</param>
public sealed record Compared(int Count, int Of);

/// <param name="Revision">The article reads so as of the moment asked about; a later one has a higher revision.</param>
/// <param name="Score">How many of its tags are the deal's own.</param>
/// <param name="Parts">Which ones.</param>
public sealed record CitedArticle(Guid ArticleId, int Revision, string Title, string Text, int Score, IReadOnlyList<string> Parts)
{
    internal static CitedArticle Of(Fitting<UsableArticle> one) =>
        new(one.Source.Id, one.Source.Revision, one.Source.Title, one.Source.Text, one.Score, one.Parts);
}

/// <summary>What it was worth, to whom and whose it was is not told.</summary>
/// <param name="Revision">Of what was learned from it.</param>
/// <param name="Score">From 0 to 100: industry 30, product 30, amount 20 (as many digits, in one currency), region 10, stage 10.</param>
/// <param name="Parts">In what it is alike.</param>
public sealed record CitedDeal(
    Guid OpportunityId, int Revision, DateTimeOffset WonAt, int Score, IReadOnlyList<string> Parts, IReadOnlyList<LearnedAnswer> Answers);

/// <param name="Text">What the customer wrote. It is stored nowhere.</param>
public sealed record SuggestionRequest([Text(4000)] string Text);

/// <param name="Items">At most three, the best first; none where no article has a term of the message.</param>
/// <param name="Compared">Of the articles in use that are not tagged for other deals.</param>
public sealed record SuggestionsAnswer(
    long Position, IReadOnlyDictionary<string, int> ReadModelVersions, IReadOnlyList<SuggestedAnswer> Items, Compared Compared);

/// <param name="Kind"><c>talk-track</c>, <c>competitor-sheet</c> or <c>case</c>.</param>
/// <param name="Passage">The sentence of it that has most in common with the message.</param>
/// <param name="Score">The part of the message's terms that are in the article, to four places.</param>
/// <param name="Terms">Those terms: words, and of Chinese each two characters side by side.</param>
public sealed record SuggestedAnswer(
    Guid ArticleId, int Revision, string Kind, string Title, string Passage, double Score, IReadOnlyList<string> Terms)
{
    internal static SuggestedAnswer Of(Suggestion one) => new(
        one.Source.Id, one.Source.Revision, one.Source.Kind, one.Source.Title, one.Passage, (double)one.Score, one.Terms);
}
