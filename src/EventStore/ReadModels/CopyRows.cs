using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Rows on their way into a table in PostgreSQL's binary COPY format: for each the number of its fields, for each field its length and its bytes,
/// the most significant first. By hand, since Npgsql looks up how to write a value for each value anew, and a rebuild writes tens of millions.
/// </summary>
/// <remarks>https://www.postgresql.org/docs/15/sql-copy.html, “Binary Format”; the types as their <c>_recv</c> functions read them.</remarks>
internal sealed class CopyRows(NpgsqlRawCopyStream stream)
{
    private const int Enough = 1 << 16;
    private const int TextType = 25;
    private const long TicksInAMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8];
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private byte[] buffer = new byte[2 * Enough];
    private int length;

    public static async Task<CopyRows> Begin(NpgsqlConnection connection, string table, string columns, CancellationToken ct)
    {
        var rows = new CopyRows(await connection.BeginRawBinaryCopyAsync($"copy {table} ({columns}) from stdin (format binary)", ct));
        Signature.CopyTo(rows.Next(Signature.Length));
        rows.Put(0);                                            // no flags
        rows.Put(0);                                            // no extension
        return rows;
    }

    /// <summary>Whether rows should be sent before more are written.</summary>
    public bool IsFull => length >= Enough;

    /// <summary>Begins a row; its fields follow in order.</summary>
    public void Row(int fields) => Put((short)fields);

    public void Null() => Put(-1);

    public void Write(bool value)
    {
        Put(1);
        Next(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Write(int value)
    {
        Put(4);
        Put(value);
    }

    public void Write(long value)
    {
        Put(8);
        BinaryPrimitives.WriteInt64BigEndian(Next(8), value);
    }

    public void Write(Guid value)
    {
        Put(16);
        value.TryWriteBytes(Next(16), bigEndian: true, out _);
    }

    /// <summary>The ends of the calendar stand for what has no end, as in Npgsql.</summary>
    public void Write(DateOnly value) =>
        Write(value == DateOnly.MinValue ? int.MinValue : value == DateOnly.MaxValue ? int.MaxValue : value.DayNumber - DateOnly.FromDateTime(Epoch).DayNumber);

    /// <inheritdoc cref="Write(DateOnly)"/>
    public void Write(DateTimeOffset value) => Write(
        value == DateTimeOffset.MinValue ? long.MinValue : value == DateTimeOffset.MaxValue ? long.MaxValue : (value.UtcTicks - Epoch.Ticks) / TicksInAMicrosecond);

    public void Write(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Put(size);
        Encoding.UTF8.GetBytes(text, Next(size));
    }

    /// <summary>As <c>jsonb</c>: its one version, and the text.</summary>
    public void WriteJson(string json)
    {
        var size = Encoding.UTF8.GetByteCount(json);
        Put(size + 1);
        Next(1)[0] = 1;
        Encoding.UTF8.GetBytes(json, Next(size));
    }

    public void Write(IReadOnlyCollection<string> texts)
    {
        Put((texts.Count == 0 ? 12 : 20) + texts.Sum(text => 4 + Encoding.UTF8.GetByteCount(text)));
        Put(texts.Count == 0 ? 0 : 1);                          // dimensions
        Put(0);                                                 // no nulls
        Put(TextType);
        if (texts.Count > 0)
        {
            Put(texts.Count);
            Put(1);                                             // first index
        }

        foreach (var text in texts)
        {
            Write(text);
        }
    }

    /// <summary>Digits to the base of ten thousand, aligned at the point.</summary>
    public void Write(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var scale = (parts[3] >> 16) & 0xFF;
        var places = (scale + 3) / 4;
        var rest = new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        for (var i = scale; i < places * 4; i++)
        {
            rest *= 10;
        }

        Span<short> digits = stackalloc short[9];
        var count = 0;
        for (; rest > ulong.MaxValue; rest /= 10_000)
        {
            digits[count++] = (short)(ulong)(rest % 10_000);
        }

        for (var small = (ulong)rest; small > 0; small /= 10_000)
        {
            digits[count++] = (short)(small % 10_000);
        }

        Put(8 + (2 * count));
        Put((short)count);
        Put((short)(count - places - 1));                       // the place of the first digit
        Put((short)(parts[3] < 0 && count > 0 ? 0x4000 : 0));   // the sign
        Put((short)scale);
        while (count > 0)
        {
            Put(digits[--count]);
        }
    }

    /// <summary>Sends what is written so far.</summary>
    public async Task Flush(CancellationToken ct)
    {
        await stream.WriteAsync(buffer.AsMemory(0, length), ct);
        length = 0;
    }

    /// <summary>Ends the rows; the table has them when the transaction ends.</summary>
    public async Task Complete(CancellationToken ct)
    {
        Put((short)-1);
        await Flush(ct);
        await stream.DisposeAsync();
    }

    /// <summary>Gives the rows up; the transaction is broken then.</summary>
    public async Task Cancel()
    {
        await stream.CancelAsync();
        await stream.DisposeAsync();
    }

    private void Put(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(4), value);

    private void Put(short value) => BinaryPrimitives.WriteInt16BigEndian(Next(2), value);

    private Span<byte> Next(int size)
    {
        if (buffer.Length - length < size)
        {
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + size));
        }

        length += size;
        return buffer.AsSpan(length - size, size);
    }
}
