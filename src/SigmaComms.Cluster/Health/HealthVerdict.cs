namespace SigmaComms.Cluster.Health;

/// <summary>How well something is; the worst of several counts for all of them.</summary>
public enum HealthVerdict
{
    /// <summary>All is as it should be.</summary>
    Healthy,

    /// <summary>It serves, but somebody should look.</summary>
    Degraded,

    /// <summary>It does not serve.</summary>
    Unhealthy,
}
