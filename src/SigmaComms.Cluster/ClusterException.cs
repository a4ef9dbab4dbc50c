namespace SigmaComms.Cluster;

/// <summary>A node could not start or had to stop. The message says what failed, why, and what to do.</summary>
public sealed class ClusterException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">What failed, why and what to do, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public ClusterException(ClusterFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why.</summary>
    public ClusterFailure Reason { get; }
}
