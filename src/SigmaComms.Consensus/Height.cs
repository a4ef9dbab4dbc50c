namespace SigmaComms.Consensus;

/// <summary>The place of a block in the log, over all epochs; 0 is the genesis.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Height(ulong Value) : IComparable<Height>
{
    /// <summary>The next one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public Height Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Height other) => Value.CompareTo(other.Value);

    /// <summary>The number in digits.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the left one is before the right one.</summary>
    public static bool operator <(Height left, Height right) => left.Value < right.Value;

    /// <summary>Whether the left one is after the right one.</summary>
    public static bool operator >(Height left, Height right) => left.Value > right.Value;

    /// <summary>Whether the left one is not after the right one.</summary>
    public static bool operator <=(Height left, Height right) => left.Value <= right.Value;

    /// <summary>Whether the left one is not before the right one.</summary>
    public static bool operator >=(Height left, Height right) => left.Value >= right.Value;
}
