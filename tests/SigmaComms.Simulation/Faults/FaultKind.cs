namespace SigmaComms.Simulation.Faults;

/// <summary>What can go wrong.</summary>
internal enum FaultKind
{
    /// <summary>Two halves do not hear each other; the value's bits say who is where.</summary>
    Partition,

    /// <summary>One node hears nobody and nobody hears it.</summary>
    Isolate,

    /// <summary>One node hears, and nobody hears it, or the other way round.</summary>
    OneWay,

    /// <summary>A partition comes and goes, so many times.</summary>
    Flap,

    /// <summary>All links of a node take longer.</summary>
    SlowLinks,

    /// <summary>All links are whole again.</summary>
    Heal,

    /// <summary>The process is killed; what it wrote stays with the kernel.</summary>
    Kill,

    /// <summary>The power fails: of what was not synced anything or nothing is there.</summary>
    PowerCut,

    /// <summary>The power fails after so many more effects, in the middle of a turn.</summary>
    CutAtEffect,

    /// <summary>The process dies after so many more effects.</summary>
    KillAtEffect,

    /// <summary>The power fails after so many more changes of the disk, in the middle of a write or a sync.</summary>
    CutAtDisk,

    /// <summary>All that are down start again.</summary>
    Restart,

    /// <summary>All nodes lose power at once.</summary>
    Blackout,

    /// <summary>The process stands still for so many milliseconds, and then goes on as if nothing had been.</summary>
    Pause,

    /// <summary>The clock jumps by so many milliseconds.</summary>
    ClockJump,

    /// <summary>The disk has no room for so many milliseconds.</summary>
    FullDisk,

    /// <summary>The disk is slow for so many milliseconds.</summary>
    SlowDisk,

    /// <summary>So many writes or syncs from now on one fails.</summary>
    DiskError,

    /// <summary>Bits rot on the disk; the node counts as faulty.</summary>
    Rot,

    /// <summary>Writes land elsewhere or nowhere for so many milliseconds; the node counts as faulty.</summary>
    LyingDisk,

    /// <summary>The disk is gone; the node counts as faulty until it votes in a new life.</summary>
    Amnesia,

    /// <summary>A spare node is admitted.</summary>
    Admit,

    /// <summary>A node wishes to leave.</summary>
    Leave,

    /// <summary>A faulty node is evicted.</summary>
    Evict,

    /// <summary>The operator ends the epoch.</summary>
    EndEpoch,
}
