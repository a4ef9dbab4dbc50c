using SigmaComms.Actors;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// The actors of this process that one peer was given: only these can it address. Numbers are never used again. The
/// caller holds the peer's gate.
/// </summary>
internal sealed class ExportTable
{
    public const int ActorsMax = 65_536;
    public const int AskersMax = 16_384;

    private readonly Dictionary<IActorRef, ulong> _numbers = [];
    private readonly Dictionary<ulong, IActorRef> _actors = [];
    private readonly Queue<ulong> _askers = new();
    private readonly HashSet<ulong> _watched = [];
    private ulong _last;
    private int _waitingAskers;

    /// <summary>All that were given and can be watched.</summary>
    public IReadOnlyList<IActorRef> Actors => [.. _numbers.Keys.Where(ForeignActorRef.IsActor)];

    /// <summary>How many were given.</summary>
    public int Count => _actors.Count;

    /// <summary>The number under which the peer knows an actor, given now if it was not before.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="isFresh">Whether it was given now.</param>
    /// <returns>0 if the table is full.</returns>
    public ulong Give(IActorRef actor, out bool isFresh)
    {
        isFresh = false;
        if (_numbers.TryGetValue(actor, out ulong known))
        {
            return known;
        }

        bool isAsker = !ForeignActorRef.IsActor(actor);
        if (isAsker)
        {
            MakeRoomForAsker();
        }

        if (_actors.Count >= ActorsMax)
        {
            return 0;
        }

        isFresh = true;
        _numbers.Add(actor, ++_last);
        _actors.Add(_last, actor);
        if (isAsker)
        {
            _askers.Enqueue(_last);
            _waitingAskers++;
        }

        return _last;
    }

    public IActorRef? Find(ulong number) => _actors.GetValueOrDefault(number);

    /// <summary>The peer wants to know the actor's end. Returns false if there is no such actor.</summary>
    public bool TryWatch(ulong number)
    {
        if (!_actors.ContainsKey(number))
        {
            return false;
        }

        _watched.Add(number);
        return true;
    }

    /// <summary>The peer no longer wants to know the actor's end.</summary>
    public void Unwatch(ulong number) => _watched.Remove(number);

    /// <summary>The actor can no longer be addressed.</summary>
    /// <param name="actor">The actor.</param>
    /// <returns>Its number if the peer wants to know its end, otherwise 0.</returns>
    public ulong Take(IActorRef actor)
    {
        if (!_numbers.Remove(actor, out ulong number))
        {
            return 0;
        }

        _actors.Remove(number);
        _waitingAskers -= ForeignActorRef.IsActor(actor) ? 0 : 1;
        return _watched.Remove(number) ? number : 0;
    }

    /// <summary>A new process was given nothing.</summary>
    public void Clear()
    {
        _numbers.Clear();
        _actors.Clear();
        _askers.Clear();
        _watched.Clear();
        _waitingAskers = 0;
    }

    // Of those that still wait the oldest gives way. Who was answered has left its number in the queue: while few wait
    // they are thrown out, so that one who waits long is not taken for the oldest of many.
    private void MakeRoomForAsker()
    {
        while (_waitingAskers >= AskersMax)
        {
            ulong oldest = _askers.Dequeue();
            if (_actors.Remove(oldest, out IActorRef? asker))
            {
                _numbers.Remove(asker);
                _watched.Remove(oldest);
                _waitingAskers--;
            }
        }

        if (_askers.Count >= 2 * AskersMax)
        {
            ulong[] waiting = [.. _askers.Where(_actors.ContainsKey)];
            _askers.Clear();
            Array.ForEach(waiting, _askers.Enqueue);
        }
    }
}
