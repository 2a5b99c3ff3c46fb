using Microsoft.AspNetCore.OpenApi;

namespace Crm.Api.Lists;

/// <summary>Any member of such an answer but its id may be left out: because nobody asked for it, or because the caller may not see it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SparseAttribute : Attribute;

internal static class SparseDocument
{
    /// <summary>Has the document say of no member of a sparse answer but its id that it is always there.</summary>
    public static IServiceCollection DescribeSparseAnswers(this IServiceCollection services) => services.Configure<OpenApiOptions>("v1", options =>
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type.IsDefined(typeof(SparseAttribute), inherit: false))
            {
                schema.Required = new HashSet<string> { "id" };
            }

            return Task.CompletedTask;
        }));
}
