using Npgsql;

namespace Crm.EventStore.ReadModels;

public static class CommandParameters
{
    /// <summary>Adds a parameter to a statement that is being put together, and gives the text that stands for it: <c>$3</c>.</summary>
    public static string Parameter(this NpgsqlCommand command, object value)
    {
        command.Parameters.AddWithValue(value);
        return $"${command.Parameters.Count}";
    }
}
