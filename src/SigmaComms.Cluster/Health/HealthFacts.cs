using SigmaComms.Actors.Health;

namespace SigmaComms.Cluster.Health;

/// <summary>What a verdict is made of.</summary>
internal sealed record HealthFacts
{
    public required TreeSnapshot Tree { get; init; }

    /// <summary>Path of the actor above the parts.</summary>
    public required string Root { get; init; }

    public required NodeHealth Node { get; init; }

    public required int StorageFailuresInWindow { get; init; }

    public required IReadOnlyDictionary<string, PartFailures> Failures { get; init; }

    /// <summary>Parts that there were before.</summary>
    public required IReadOnlyCollection<string> KnownParts { get; init; }

    public required long MailboxBytesMax { get; init; }

    public required int ClientsMax { get; init; }

    /// <summary>Where the journal is, for people; null: in the data directory.</summary>
    public required string? Server { get; init; }

    /// <summary>How long failures count, for people: "five minutes".</summary>
    public required string Window { get; init; }

    public required string DataDirectory { get; init; }

    public required ResourceReading Resources { get; init; }
}
