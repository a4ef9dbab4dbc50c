namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// The queue of one actor: many senders, one consumer. Senders append to one array while the consumer empties
/// another; the two change places when the consumer's is empty. The wake-up flag is kept under the same gate, so
/// that no wake-up is lost and none is doubled.
/// </summary>
internal sealed class Mailbox
{
    /// <summary>Room above the bound for what the runtime sends: timers, notices of death, poison pills.</summary>
    public const int Reserve = 16;

    private const int FirstSize = 4;
    private const int KeptSize = 1024;

    private readonly TimeProvider _time;
    private readonly Overflow _overflow;
    private SpinGate _gate;
    private Envelope[] _incoming = [];
    private int _incomingFirst;
    private int _incomingCount;
    private long _incomingSince;
    private Queue<SystemMessage>? _system;
    private Queue<WaitingSender>? _waiting;
    private bool _scheduled;
    private bool _userOpen;
    private bool _closed;
    private long _dropped;

    // Only the consumer touches these; others read the two counts for the depth.
    private Envelope[] _batch = [];
    private int _batchNext;
    private int _batchEnd;
    private long _batchSince;
    private LinkedList<Envelope>? _front;

    public Mailbox(int capacity, Overflow overflow, TimeProvider time)
    {
        Capacity = capacity;
        _overflow = overflow;
        _time = time;
    }

    public int Capacity { get; }

    public int Depth =>
        Volatile.Read(ref _incomingCount) + Math.Max(0, Volatile.Read(ref _batchEnd) - Volatile.Read(ref _batchNext));

    public long Dropped => Volatile.Read(ref _dropped);

    public bool HasSystem => Volatile.Read(ref _system) is { Count: > 0 };

    public TimeSpan OldestAge
    {
        get
        {
            long since = Volatile.Read(ref _batchEnd) > Volatile.Read(ref _batchNext)
                ? Volatile.Read(ref _batchSince)
                : Volatile.Read(ref _incomingSince);
            return Depth == 0 ? TimeSpan.Zero : _time.GetElapsedTime(since);
        }
    }

    /// <summary>Appends a message. If <paramref name="wake"/> comes back true, the caller schedules the actor.</summary>
    public SendResult Post(in Envelope envelope, bool reserved, out bool wake, out Envelope? displaced)
    {
        wake = false;
        displaced = null;
        _gate.Enter();
        SendResult result = _closed ? SendResult.Terminated : MakeRoom(reserved, out displaced);
        if (result == SendResult.Accepted)
        {
            Append(envelope);
            wake = WakeForUser();
        }

        _gate.Exit();
        return result;
    }

    /// <summary>Appends a message, or keeps the sender waiting until there is room.</summary>
    public ValueTask<SendResult> PostOrWait(in Envelope envelope, CancellationToken cancellationToken, out bool wake)
    {
        _gate.Enter();
        wake = false;
        if (_closed)
        {
            _gate.Exit();
            return ValueTask.FromResult(SendResult.Terminated);
        }

        if (_waiting is not { Count: > 0 } && Depth < Capacity)
        {
            Append(envelope);
            wake = WakeForUser();
            _gate.Exit();
            return ValueTask.FromResult(SendResult.Accepted);
        }

        WaitingSender sender = new(envelope);
        _waiting ??= new Queue<WaitingSender>();
        _waiting.Enqueue(sender);
        wake = WakeForUser();
        _gate.Exit();
        return sender.WaitAsync(cancellationToken);
    }

    /// <summary>Appends a word of the runtime. Returns whether the caller schedules the actor.</summary>
    public bool PostSystem(in SystemMessage message)
    {
        _gate.Enter();
        (_system ??= new Queue<SystemMessage>()).Enqueue(message);
        bool wake = !_scheduled;
        _scheduled = true;
        _gate.Exit();
        return wake;
    }

    public bool TryTakeSystem(out SystemMessage message)
    {
        message = default;
        if (!HasSystem)
        {
            return false;
        }

        _gate.Enter();
        bool taken = _system!.TryDequeue(out message);
        _gate.Exit();
        return taken;
    }

    /// <summary>Takes the next message; only the consumer calls it.</summary>
    public bool TryTake(out Envelope envelope)
    {
        if (_front is { Count: > 0 })
        {
            envelope = _front.First!.Value;
            _front.RemoveFirst();
            return true;
        }

        if (_batchNext == _batchEnd && !Claim())
        {
            envelope = default;
            return false;
        }

        ref Envelope slot = ref _batch[_batchNext];
        envelope = slot;
        slot = default;
        Volatile.Write(ref _batchNext, _batchNext + 1);
        return true;
    }

    /// <summary>Puts messages before all others, in their order; only the consumer calls it.</summary>
    public void PutInFront(IReadOnlyList<Envelope> envelopes)
    {
        _front ??= new LinkedList<Envelope>();
        for (int i = envelopes.Count - 1; i >= 0; i--)
        {
            _front.AddFirst(envelopes[i]);
        }
    }

    /// <summary>Ends a turn. Returns true if there is more to do, so that the actor stays scheduled.</summary>
    public bool EndTurn(bool userOpen)
    {
        _gate.Enter();
        _userOpen = userOpen;
        bool more = _system is { Count: > 0 }
            || (userOpen && (_incomingCount > 0 || _batchNext < _batchEnd
                || _front is { Count: > 0 } || _waiting is { Count: > 0 }));
        _scheduled = more;
        _gate.Exit();
        return more;
    }

    /// <summary>Refuses all further messages and gives back those that were not handled.</summary>
    public List<Envelope> Close()
    {
        List<Envelope> rest = [];
        _gate.Enter();
        _closed = true;
        Queue<WaitingSender>? waiting = _waiting;
        _waiting = null;
        _gate.Exit();
        while (TryTake(out Envelope envelope))
        {
            rest.Add(envelope);
        }

        foreach (WaitingSender sender in waiting ?? [])
        {
            sender.Complete(SendResult.Terminated);
        }

        return rest;
    }

    private SendResult MakeRoom(bool reserved, out Envelope? displaced)
    {
        displaced = null;
        if (Depth < (reserved ? Capacity + Reserve : Capacity))
        {
            return SendResult.Accepted;
        }

        _dropped++;
        if (reserved)
        {
            // Notices of the runtime are bounded by what the actor asked for: watches, timers, tasks.
            _dropped--;
            return SendResult.Accepted;
        }

        if (_overflow == Overflow.DropOldest && _incomingCount > 0)
        {
            displaced = _incoming[_incomingFirst];
            _incoming[_incomingFirst] = default;
            _incomingFirst = (_incomingFirst + 1) % _incoming.Length;
            _incomingCount--;
            return SendResult.Accepted;
        }

        return _overflow is Overflow.DropNewest or Overflow.DropOldest ? SendResult.Dropped : SendResult.Full;
    }

    private void Append(in Envelope envelope)
    {
        if (_incomingCount == _incoming.Length)
        {
            Grow();
        }

        if (_incomingCount == 0)
        {
            _incomingFirst = 0;
            _incomingSince = _time.GetTimestamp();
        }

        int index = _incomingFirst + _incomingCount;
        _incoming[index < _incoming.Length ? index : index - _incoming.Length] = envelope;
        _incomingCount++;
    }

    private void Grow()
    {
        Envelope[] larger = new Envelope[Math.Max(FirstSize, _incoming.Length * 2)];
        int upToEnd = Math.Min(_incomingCount, _incoming.Length - _incomingFirst);
        Array.Copy(_incoming, _incomingFirst, larger, 0, upToEnd);
        Array.Copy(_incoming, 0, larger, upToEnd, _incomingCount - upToEnd);
        _incoming = larger;
        _incomingFirst = 0;
    }

    private bool WakeForUser()
    {
        bool wake = !_scheduled && _userOpen;
        _scheduled |= wake;
        return wake;
    }

    // Changes the two arrays over, so that the consumer works without the gate.
    private bool Claim()
    {
        List<WaitingSender>? admitted = null;
        _gate.Enter();
        while (_waiting is { Count: > 0 } && _incomingCount < Capacity)
        {
            WaitingSender sender = _waiting.Dequeue();
            if (sender.TryAdmit())
            {
                Append(sender.Envelope);
                (admitted ??= []).Add(sender);
            }
        }

        bool any = _incomingCount > 0;
        if (any)
        {
            SwapBuffers();
        }

        _gate.Exit();
        admitted?.ForEach(static sender => sender.Complete(SendResult.Accepted));
        return any;
    }

    private void SwapBuffers()
    {
        if (_incomingFirst + _incomingCount > _incoming.Length)
        {
            Grow();
        }

        Envelope[] empty = _batch.Length <= KeptSize ? _batch : [];
        _batchSince = _incomingSince;
        _batch = _incoming;
        Volatile.Write(ref _batchNext, _incomingFirst);
        Volatile.Write(ref _batchEnd, _incomingFirst + _incomingCount);
        _incoming = empty;
        _incomingFirst = 0;
        _incomingCount = 0;
    }
}
