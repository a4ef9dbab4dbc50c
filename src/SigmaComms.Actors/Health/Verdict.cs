namespace SigmaComms.Actors.Health;

/// <summary>Whether a part of the tree does its work. The greatest of several counts.</summary>
public enum Verdict
{
    /// <summary>It does. An actor whose failures were treated within its supervisor's limits is healthy.</summary>
    Healthy,

    /// <summary>It does so late or in part, or is about to come back.</summary>
    Degraded,

    /// <summary>It does not.</summary>
    Unhealthy,
}
