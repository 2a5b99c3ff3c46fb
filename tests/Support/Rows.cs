using Npgsql;

namespace Crm.Support;

/// <summary>What a test asks the tables themselves.</summary>
public static class Rows
{
    /// <summary>The one column of all rows.</summary>
    public static async Task<List<string>> Texts(this NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    /// <inheritdoc cref="Texts(NpgsqlCommand)"/>
    public static async Task<List<string>> Texts(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.Texts();
    }
}
