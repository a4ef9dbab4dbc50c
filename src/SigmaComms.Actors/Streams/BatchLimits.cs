namespace SigmaComms.Actors.Streams;

/// <summary>When a batch is full; the first limit that is reached counts.</summary>
/// <typeparam name="T">The elements.</typeparam>
/// <param name="CountMax">Elements, at least 1.</param>
public sealed record BatchLimits<T>(int CountMax)
{
    /// <summary>Elements in a batch.</summary>
    public int CountMax { get; } =
        CountMax >= 1 ? CountMax : throw new ArgumentOutOfRangeException(nameof(CountMax));

    /// <summary>Bytes in a batch, or null. A larger element is a batch of its own.</summary>
    public ByteBound<T>? Bytes { get; init; }

    /// <summary>How long after its first element a batch is given out as it is, or null.</summary>
    public TimeSpan? Age { get; init; }
}
