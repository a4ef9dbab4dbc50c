namespace SigmaComms.FuseProbe.Memory;

/// <summary>A name as bytes, as a key.</summary>
public readonly struct ByteName(byte[] bytes) : IEquatable<ByteName>
{
    public ReadOnlySpan<byte> Bytes => bytes;

    public bool Equals(ByteName other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is ByteName other && Equals(other);

    public static bool operator ==(ByteName left, ByteName right) => left.Equals(right);

    public static bool operator !=(ByteName left, ByteName right) => !left.Equals(right);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
