namespace SigmaComms.Node.Seq;

/// <summary>What Seq calls an entity: the word of a template and the place in its HTTP API.</summary>
internal enum SeqKind
{
    /// <summary>A named filter of events.</summary>
    Signal,

    /// <summary>Charts on one page.</summary>
    Dashboard,

    /// <summary>A condition that is told.</summary>
    Alert,

    /// <summary>Signals and dashboards that belong together.</summary>
    Workspace,

    /// <summary>How long events are kept.</summary>
    RetentionPolicy,
}
