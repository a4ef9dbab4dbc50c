namespace SigmaComms.Cluster.Telemetry;

/// <summary>What a listener needs to know about a node's figures.</summary>
public static class NodeFigures
{
    /// <summary>The meter of all of them.</summary>
    public const string MeterName = "SigmaComms.Node";

    /// <summary>The log category of actors' events and health; the rest goes under the assembly's name.</summary>
    public const string HealthLogName = "SigmaComms.Health";
}
