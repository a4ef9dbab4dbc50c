namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// The references to a peer's actors that are in use in this process, one object for each actor. What nobody holds is
/// forgotten. The caller holds the peer's gate.
/// </summary>
internal sealed class ImportTable
{
    public const int ActorsMax = 131_072;

    // A table full of actors that are all held is not looked through for each one that a peer names beyond it.
    private const int RefusalsPerPrune = 1_024;

    private readonly Dictionary<ulong, WeakReference<RemoteRef>> _refs = [];
    private int _pruneAt = 1_024;
    private int _refusalsToPrune;

    /// <summary>The reference to one actor, or null if there are too many.</summary>
    public RemoteRef? Get(ulong number, Func<ulong, RemoteRef> make)
    {
        if (Find(number) is { } known)
        {
            return known;
        }

        if (_refs.Count >= Math.Min(_pruneAt, ActorsMax) && --_refusalsToPrune < 0)
        {
            Prune();
            _refusalsToPrune = _refs.Count < ActorsMax ? 0 : RefusalsPerPrune;
        }

        if (_refs.Count >= ActorsMax)
        {
            return null;
        }

        RemoteRef made = make(number);
        _refs[number] = new WeakReference<RemoteRef>(made);
        return made;
    }

    public RemoteRef? Find(ulong number) =>
        _refs.TryGetValue(number, out WeakReference<RemoteRef>? held) && held.TryGetTarget(out RemoteRef? known)
            ? known
            : null;

    public void Remove(ulong number) => _refs.Remove(number);

    public IReadOnlyList<RemoteRef> All()
    {
        var all = new List<RemoteRef>();
        foreach (WeakReference<RemoteRef> held in _refs.Values)
        {
            if (held.TryGetTarget(out RemoteRef? known))
            {
                all.Add(known);
            }
        }

        return all;
    }

    public void Clear() => _refs.Clear();

    private void Prune()
    {
        foreach ((ulong number, WeakReference<RemoteRef> held) in _refs)
        {
            if (!held.TryGetTarget(out _))
            {
                _refs.Remove(number);
            }
        }

        _pruneAt = Math.Max(1_024, _refs.Count * 2);
    }
}
