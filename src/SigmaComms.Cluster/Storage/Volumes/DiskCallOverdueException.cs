namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// A write was given up, but a thread may still be in it: what it writes to must be left alone until it has ended.
/// </summary>
internal sealed class DiskCallOverdueException(Task ended, Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Completes once no thread writes any more.</summary>
    public Task Ended => ended;
}
