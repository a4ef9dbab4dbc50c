namespace SigmaComms.Consensus;

/// <summary>An attempt to agree on one block. Every epoch begins with view 0: its first block, not voted on.</summary>
/// <param name="Value">The number.</param>
public readonly record struct View(ulong Value) : IComparable<View>
{
    /// <summary>The next one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public View Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(View other) => Value.CompareTo(other.Value);

    /// <summary>The number in digits.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the left one is before the right one.</summary>
    public static bool operator <(View left, View right) => left.Value < right.Value;

    /// <summary>Whether the left one is after the right one.</summary>
    public static bool operator >(View left, View right) => left.Value > right.Value;

    /// <summary>Whether the left one is not after the right one.</summary>
    public static bool operator <=(View left, View right) => left.Value <= right.Value;

    /// <summary>Whether the left one is not before the right one.</summary>
    public static bool operator >=(View left, View right) => left.Value >= right.Value;
}
