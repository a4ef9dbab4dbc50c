using System.Globalization;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>
/// An order of steps, to be repeated exactly: the seed that the scenario gets, and which option was taken wherever
/// there was a choice. After the end of the list what became due first is next.
/// </summary>
public sealed record Schedule
{
    /// <summary>A schedule of its parts.</summary>
    /// <param name="seed">What the scenario gets as its seed.</param>
    /// <param name="choices">Indices of options, each at least 0.</param>
    public Schedule(ulong seed, IReadOnlyList<int> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Any(choice => choice < 0))
        {
            throw new ArgumentException("A choice is an index.", nameof(choices));
        }

        Seed = seed;
        Choices = choices;
    }

    /// <summary>What the scenario gets as its seed.</summary>
    public ulong Seed { get; }

    /// <summary>Which option was taken wherever there was a choice.</summary>
    public IReadOnlyList<int> Choices { get; }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">A seed, a colon, and choices with points between them.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        if (parts.Length != 2)
        {
            throw new FormatException($"\"{text}\" is not a schedule, such as \"17:0.2.1\".");
        }

        string[] choices = parts[1].Split('.', StringSplitOptions.RemoveEmptyEntries);
        return new Schedule(
            ulong.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
            [.. choices.Select(static choice => int.Parse(choice, NumberStyles.None, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Whether the other has the same seed and the same choices.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Schedule? other) =>
        other is not null && Seed == other.Seed && Choices.SequenceEqual(other.Choices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Seed, Choices.Count);

    /// <summary>One line to put into a test, as <c>17:0.2.1</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Seed}:{string.Join('.', Choices)}");
}
