namespace SigmaComms.Cryptography;

/// <summary>Who somebody is: the SHA-256 hash of an ML-DSA-65 public key. Nodes, devices and accounts use it.</summary>
/// <param name="Value">The hash.</param>
/// <standard>FIPS 180-4 (SHA-256) over the public key encoding of FIPS 204, section 7.2.</standard>
public readonly record struct NodeId(Digest Value) : IComparable<NodeId>
{
    /// <summary>The id of a public key.</summary>
    /// <param name="publicKey">The encoded ML-DSA-65 public key, 1952 bytes.</param>
    public static NodeId Of(ReadOnlySpan<byte> publicKey) => new(Digest.Sha256(publicKey));

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="id">The id, or default.</param>
    /// <returns>False if the text is anything else.</returns>
    public static bool TryParse(string? text, out NodeId id)
    {
        bool ok = Digest.TryParse(text, out Digest digest);
        id = new NodeId(digest);
        return ok;
    }

    /// <summary>The first 8 hexadecimal digits, for people and logs; never for a decision.</summary>
    public string Short => Value.ToString()[..8];

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}
