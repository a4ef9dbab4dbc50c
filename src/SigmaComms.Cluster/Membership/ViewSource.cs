namespace SigmaComms.Cluster.Membership;

/// <summary>Where everybody on this node reads the newest view; only the membership actor writes it.</summary>
internal sealed class ViewSource(ClusterView first)
{
    private ClusterView _current = first;

    /// <summary>The newest view.</summary>
    public ClusterView Current => Volatile.Read(ref _current);

    /// <summary>Replaces the view.</summary>
    /// <param name="view">The newest.</param>
    public void Publish(ClusterView view) => Volatile.Write(ref _current, view);
}
