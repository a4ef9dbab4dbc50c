using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>The ten categories by which log events are found again, such as Category = 'Network' in Seq.</summary>
public static class LogCategory
{
    /// <summary>Refusals, identities, admissions.</summary>
    public const string Security = "Security";

    /// <summary>What was slow or full.</summary>
    public const string Performance = "Performance";

    /// <summary>Links, peers and members.</summary>
    public const string Network = "Network";

    /// <summary>Simulation of quantum registers and keys from them.</summary>
    public const string Quantum = "Quantum";

    /// <summary>Keys and algorithms.</summary>
    public const string Crypto = "Crypto";

    /// <summary>The control log.</summary>
    public const string Consensus = "Consensus";

    /// <summary>Starts, stops, parts, disks.</summary>
    public const string System = "System";

    /// <summary>Records of who did what.</summary>
    public const string Audit = "Audit";

    /// <summary>Bugs: events of level error and above.</summary>
    public const string Error = "Error";

    /// <summary>What people on this node asked for.</summary>
    public const string User = "User";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Security, Performance, Network, Quantum, Crypto, Consensus, System, Audit, Error, User];

    /// <summary>The category of an event.</summary>
    /// <param name="eventId">Its id; each folder has a hundred of its own.</param>
    /// <param name="level">Its level.</param>
    public static string Of(int eventId, LogLevel level) => (eventId, level) switch
    {
        (_, >= LogLevel.Error) => Error,
        (105 or 914 or 923, _) => Performance,
        (415 or 511 or 512 or 513 or 515, _) => Security,
        (>= 400 and < 600, _) => Network,
        (>= 700 and < 800, _) => Crypto,
        (>= 1600 and < 1700, _) => Consensus,
        (>= 2300 and < 2400, _) => User,
        _ => System,
    };
}
