namespace SigmaComms.Node.Configuration;

/// <summary>When a node begins a new log file.</summary>
internal enum LogFileRolling
{
    /// <summary>There is none.</summary>
    Off,

    /// <summary>Every hour, and when one is full.</summary>
    Hour,

    /// <summary>Every day, and when one is full.</summary>
    Day,

    /// <summary>When one is full.</summary>
    Size,
}
