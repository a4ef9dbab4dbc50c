namespace SigmaComms.FuseProbe.Memory;

/// <summary>Names are found by the bytes that the kernel sent, without a copy.</summary>
public sealed class NameComparer : IEqualityComparer<ByteName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, ByteName>
{
    public static NameComparer Instance { get; } = new();

    public bool Equals(ByteName x, ByteName y) => x.Equals(y);

    public int GetHashCode(ByteName obj) => obj.GetHashCode();

    public bool Equals(ReadOnlySpan<byte> alternate, ByteName other) => alternate.SequenceEqual(other.Bytes);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public ByteName Create(ReadOnlySpan<byte> alternate) => new(alternate.ToArray());
}
