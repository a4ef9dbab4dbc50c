namespace SigmaComms.Actors.Streams;

/// <summary>
/// How many bytes an operator may hold at a time, from the moment it begins with an element until what became of it
/// was taken and is done with. An element above the bound goes through alone.
/// </summary>
/// <typeparam name="T">The elements.</typeparam>
/// <param name="BytesMax">At least 1.</param>
/// <param name="SizeOf">Bytes of an element, at least 0.</param>
public sealed record ByteBound<T>(long BytesMax, Func<T, long> SizeOf)
{
    /// <summary>Bytes at a time.</summary>
    public long BytesMax { get; } =
        BytesMax >= 1 ? BytesMax : throw new ArgumentOutOfRangeException(nameof(BytesMax));

    /// <summary>Bytes of an element.</summary>
    public Func<T, long> SizeOf { get; } = SizeOf ?? throw new ArgumentNullException(nameof(SizeOf));

    internal static ByteBound<T> None { get; } = new(long.MaxValue, static _ => 0);
}
