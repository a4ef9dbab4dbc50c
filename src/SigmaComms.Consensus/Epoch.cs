namespace SigmaComms.Consensus;

/// <summary>A span of the log in which the validators and their keys stay the same.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Epoch(ulong Value) : IComparable<Epoch>
{
    /// <summary>The next one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public Epoch Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <summary>The number in digits.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the left one is before the right one.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Whether the left one is after the right one.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Whether the left one is not after the right one.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Whether the left one is not before the right one.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;
}
