using System.Diagnostics;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>The spans of a node. Nothing is made while nobody listens.</summary>
public static class NodeActivity
{
    /// <summary>What a listener asks for.</summary>
    public const string SourceName = "SigmaComms.Node";

    internal static ActivitySource Source { get; } = new(SourceName);
}
