using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>The name under which a storage node keeps a fragment.</summary>
/// <remarks>
/// It follows from all of the fragment's label: no other label, of whatever vault, has the same one. Without the label
/// it says nothing.
/// </remarks>
/// <param name="Value">The 32 bytes.</param>
/// <standard>docs/formats/vault-stripe.md.</standard>
public readonly record struct FragmentId(Digest Value) : IComparable<FragmentId>
{
    /// <inheritdoc/>
    public int CompareTo(FragmentId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(FragmentId left, FragmentId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(FragmentId left, FragmentId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(FragmentId left, FragmentId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(FragmentId left, FragmentId right) => left.CompareTo(right) >= 0;
}
