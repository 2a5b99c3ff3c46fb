using Crm.Api.Lists;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Customers.Overview;

/// <summary>
/// The rows of a list that are a customer's, as they stand or as they stood. Of a past moment only records are looked at that were ever
/// the customer's: a list as a whole would go through all that a tenant has.
/// </summary>
internal sealed class RowsOfCustomer<TRow, TAnswer>(RecordList<TRow, TAnswer> list) where TRow : class
{
    private readonly ModelTables tables = ModelTables.Of(list.Model);

    /// <summary>All that the caller may know of, the newest first.</summary>
    public async Task<IReadOnlyList<TRow>> Of(Caller by, Guid customer, Lens lens, NpgsqlConnection connection, long known,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql(lens.Rewound), connection);
        command.Parameters.AddWithValue(by.Tenant);
        command.Parameters.AddWithValue(customer);
        if (lens.Rewound)
        {
            command.Parameters.AddWithValue(lens.Until.ToUniversalTime());
            command.Parameters.AddWithValue(known);
        }

        await using var found = await command.ExecuteReaderAsync(ct);
        return [.. (await list.Rows.Read(found, ct)).Where(row => list.Holds(by.Sight, row))];
    }

    private string Sql(bool rewound)
    {
        // One look at the end of each record's history, however many states it had.
        var rows = rewound ? $"""
            (select h.* from (select distinct c.{tables.Id} from {tables.History} c where c.tenant_id = $1 and c.customer_id = $2) own
             cross join lateral (
                 select * from {tables.History} s
                 where s.tenant_id = $1 and s.{tables.Id} = own.{tables.Id} and s.at < $3
                   and s.from_position <= $4 and (s.to_position is null or s.to_position > $4)
                 order by s.at desc, s.version desc limit 1) h)
            """ : tables.Rows;
        var since = list.Since.Column.Name;
        return $"""
            select {list.Rows.Columns} from {rows} r
            where r.tenant_id = $1 and r.customer_id = $2 and r.{since} is not null{(rewound ? " and r.is_there" : "")}
            order by r.{since} desc, r.{tables.Id} desc
            """;
    }
}
