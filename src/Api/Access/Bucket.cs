namespace Crm.Api.Access;

/// <summary>A token bucket: it fills evenly up to its size, each request takes what it costs, and what turned out to cost nothing is given back.</summary>
/// <param name="rate">Tokens a second.</param>
/// <param name="size">The most that it holds, and begins with.</param>
internal sealed class Bucket(double rate, double size, TimeProvider clock)
{
    private readonly Lock gate = new();
    private double tokens = size;
    private long at = clock.GetTimestamp();

    public double Rate => rate;

    public double Size { get; } = size;

    /// <summary>Nobody has taken anything for so long that it is full again.</summary>
    public bool IsFull => Left >= Size;

    public double Left
    {
        get
        {
            lock (gate)
            {
                Fill();
                return tokens;
            }
        }
    }

    public bool Take(double cost)
    {
        lock (gate)
        {
            Fill();
            if (tokens < cost)
            {
                return false;
            }

            tokens -= cost;
            return true;
        }
    }

    public void GiveBack(double cost)
    {
        lock (gate)
        {
            tokens = Math.Min(Size, tokens + cost);
        }
    }

    /// <summary>How long until so many are there.</summary>
    public TimeSpan Until(double wanted) => TimeSpan.FromSeconds(Math.Max(0, wanted - Left) / rate);

    private void Fill()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(Size, tokens + (clock.GetElapsedTime(at, now).TotalSeconds * rate));
        at = now;
    }
}
