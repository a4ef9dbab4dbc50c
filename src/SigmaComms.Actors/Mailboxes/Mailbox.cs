using System.Numerics;
using SigmaComms.Actors.Scheduling;

namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// The queue of one actor: many senders, one consumer. Senders append to one array while the consumer empties
/// another; the two change places when the consumer's is empty. The wake-up flag is kept under the same gate, so
/// that no wake-up is lost and none is doubled.
/// </summary>
/// <remarks>The cell derives from it: two objects less for every actor, and a tell looks at one less.</remarks>
internal class Mailbox
{
    /// <summary>Room above the bound for poison pills.</summary>
    public const int Reserve = 16;

    /// <summary>Handed out as the displaced message when the mailbox has become three quarters full.</summary>
    public static readonly object HighWater = new();

    private const int WaitingMin = 1024;

    private readonly TimeProvider _time;
    private readonly MailboxBatch _batch = new();
    private SystemMessage? _lastWord;
    private MailboxPressure? _pressure;
    private long _incomingSince;
    private readonly int _capacity;
    private SpinGate _gate;
    private EnvelopeRing _incoming;
    private int _claimed;
    private int _quietBelow;
    private readonly Overflow _overflow;
    private byte _peakBits;
    private byte _sizeBits;
    private readonly bool _weighs;
    private bool _scheduled;
    private bool _userOpen;
    private bool _closed;

    /// <param name="capacity">Messages that it holds.</param>
    /// <param name="overflow">What happens when it is full.</param>
    /// <param name="time">For the ages of messages.</param>
    /// <param name="weights">Its bound in bytes, or null for none.</param>
    public Mailbox(int capacity, Overflow overflow, TimeProvider time, MailboxWeights? weights = null)
    {
        if (weights is not null)
        {
            // With this a message comes in by the long way, where it is weighed; all others pay nothing for it.
            _weighs = true;
            _pressure = new MailboxPressure { Weights = weights };
        }

        _capacity = capacity;
        _overflow = overflow;
        _time = time;
        _quietBelow = HighWaterOf(capacity);
    }

    public int Capacity => _capacity;

    public long Dropped => Volatile.Read(ref _pressure)?.Dropped ?? 0;

    /// <summary>Its bound in bytes and how much of it is used, or null.</summary>
    public MailboxWeights? Weights => _weighs ? _pressure!.Weights : null;

    private MailboxPressure Pressure => _pressure ??= new MailboxPressure();

    private bool AnyWaiting => _pressure is { Waiting.Count: > 0 };

    /// <summary>Messages that wait, and how long the oldest has been waiting.</summary>
    public (int Depth, TimeSpan OldestAge) Backlog()
    {
        _gate.Enter();
        int inBatch = _batch.Count;
        int depth = _incoming.Count + inBatch;
        long since = inBatch > 0 ? _batch.Since : _incomingSince;
        _gate.Exit();
        return (depth, depth == 0 ? TimeSpan.Zero : CoarseClock.Elapsed(_time, since));
    }

    /// <summary>What the next turn begins with, for the trace of a simulation; nothing may run meanwhile.</summary>
    public (SystemMessageKind? Word, object? Message) Peek() =>
        (_lastWord?.Next?.Kind, Bare(_batch.Peek() ?? _incoming.Peek()));

    /// <summary>Appends a message.</summary>
    /// <param name="envelope">The message.</param>
    /// <param name="admission">How far above the bound it may go.</param>
    /// <param name="wake">Whether the caller schedules the actor.</param>
    /// <param name="displaced">The message that had to go for it, if its Message is not null.</param>
    public SendResult Post(Envelope envelope, Admission admission, out bool wake, out Envelope displaced)
    {
        wake = false;
        displaced = default;
        if (_weighs && !Weights!.TryWeigh(ref envelope))
        {
            return SendResult.TooLarge;
        }

        _gate.Enter();
        if (_incoming.Count + _claimed < _quietBelow && !_closed && _pressure is null)
        {
            // Nearly all messages come this way.
            if (_scheduled || !_userOpen || _overflow == Overflow.DropOldest)
            {
                Append(envelope);
                wake = WakeForUser();
            }
            else
            {
                // It sleeps, so nobody is at the consumer's side before it is woken: the message goes there at once.
                _batch.HandIn(envelope, CoarseClock.Now(_time));
                _claimed = 1;
                _scheduled = true;
                wake = true;
            }

            _gate.Exit();
            return SendResult.Accepted;
        }

        SendResult result = _closed ? SendResult.Terminated : Admit(envelope, admission, out displaced);
        if (result == SendResult.Accepted)
        {
            wake = WakeForUser();
        }

        _gate.Exit();
        return result;
    }

    /// <summary>Appends a message, or keeps the sender waiting until there is room.</summary>
    public ValueTask<SendResult> PostOrWait(Envelope envelope, CancellationToken cancellationToken, out bool wake)
    {
        wake = false;
        if (_weighs && !Weights!.TryWeigh(ref envelope))
        {
            return ValueTask.FromResult(SendResult.TooLarge);
        }

        _gate.Enter();
        if (_closed || _pressure?.Waiting.Count >= Math.Max(WaitingMin, _capacity))
        {
            SendResult refused = _closed ? SendResult.Terminated : SendResult.Full;
            _gate.Exit();
            return ValueTask.FromResult(refused);
        }

        WaitingSender? sender = null;
        if (HasRoom(_capacity) && HasBytesFor(envelope))
        {
            Add(envelope);
        }
        else
        {
            sender = new WaitingSender(this, envelope);
            Pressure.Waiting.AddLast(sender);
        }

        wake = WakeForUser();
        _gate.Exit();
        return sender?.WaitAsync(cancellationToken) ?? ValueTask.FromResult(SendResult.Accepted);
    }

    /// <summary>Takes a waiting sender out. Returns false if its message is in the mailbox already.</summary>
    public bool Withdraw(WaitingSender sender)
    {
        _gate.Enter();
        bool removed = _pressure?.Waiting.Remove(sender) ?? false;
        _gate.Exit();
        return removed;
    }

    /// <summary>Appends a word of the runtime. Returns whether the caller schedules the actor.</summary>
    public bool AppendWord(SystemMessage word)
    {
        _gate.Enter();
        SystemMessage? last = _lastWord;
        word.Next = last?.Next ?? word;
        if (last is not null)
        {
            last.Next = word;
        }

        Volatile.Write(ref _lastWord, word);
        bool wake = !_scheduled;
        _scheduled = true;
        _gate.Exit();
        return wake;
    }

    /// <summary>Takes the next word of the runtime, or null; only the consumer calls it.</summary>
    public SystemMessage? TakeWord() => Volatile.Read(ref _lastWord) is null ? null : TakeFirstWord();

    /// <summary>The next message, or nothing; only the consumer calls it.</summary>
    public Envelope Take()
    {
        Envelope next = _batch.Take();
        if (next.Message is null)
        {
            next = Claim();
        }

        return _weighs && next.Message is not null ? Weights!.Release(next) : next;
    }

    /// <summary>Takes the next message; only the consumer calls it.</summary>
    public bool TryTake(out Envelope envelope)
    {
        envelope = Take();
        return envelope.Message is not null;
    }

    /// <summary>Puts messages before all others, in their order; only the consumer calls it.</summary>
    public void PutInFront(IReadOnlyList<Envelope> envelopes) => _batch.PutInFront(envelopes);

    /// <summary>Ends a turn. Returns true if there is more to do, so that the actor stays scheduled.</summary>
    public bool EndTurn(bool userOpen)
    {
        _gate.Enter();
        _userOpen = userOpen;
        bool more = _lastWord is not null || (userOpen && (_incoming.Count > 0 || _batch.Count > 0 || AnyWaiting));
        _scheduled = more;
        if (_incoming.Count == 0 && _batch.IsEmpty)
        {
            Rest();
        }

        _gate.Exit();
        return more;
    }

    /// <summary>Refuses all further messages and gives back those that were not handled.</summary>
    public List<Envelope> Close()
    {
        List<Envelope> rest = [];
        _gate.Enter();
        _closed = true;
        WaitingSender[] waiting = [.. _pressure?.Waiting ?? []];
        _pressure?.Waiting.Clear();
        _gate.Exit();
        while (TryTake(out Envelope envelope))
        {
            rest.Add(envelope);
        }

        foreach (WaitingSender sender in waiting)
        {
            rest.Add(MailboxWeights.Bare(sender.Envelope));
            sender.Complete(SendResult.Terminated);
        }

        return rest;
    }

    private SystemMessage TakeFirstWord()
    {
        _gate.Enter();
        SystemMessage last = _lastWord!;
        SystemMessage first = last.Next!;
        last.Next = first.Next;
        if (ReferenceEquals(first, last))
        {
            Volatile.Write(ref _lastWord, null);
        }

        first.Next = null;
        _gate.Exit();
        return first;
    }

    private SendResult Admit(Envelope envelope, Admission admission, out Envelope displaced)
    {
        displaced = default;
        if (admission == Admission.Always && AnyWaiting)
        {
            // It must not overtake what the same sender sent before.
            Pressure.Waiting.AddLast(new WaitingSender(this, envelope));
            return SendResult.Accepted;
        }

        bool room = admission switch
        {
            Admission.Ordinary => HasRoomFor(ref displaced) && HasBytesFor(envelope),
            Admission.Reserved => HasRoom(_capacity + Reserve),
            _ => true,
        };
        if (!room)
        {
            Pressure.Dropped++;
            if (_overflow != Overflow.DropOldest || !TryMakeRoom(envelope, ref displaced))
            {
                return _overflow is Overflow.DropNewest or Overflow.DropOldest ? SendResult.Dropped : SendResult.Full;
            }
        }

        Add(envelope);
        return SendResult.Accepted;
    }

    private bool HasBytesFor(Envelope envelope) => !_weighs || Weights!.Fits(envelope);

    // As below, and says once that the mailbox has become three quarters full.
    private bool HasRoomFor(ref Envelope displaced)
    {
        if (AnyWaiting)
        {
            return false;
        }

        if (_incoming.Count + _claimed < _quietBelow)
        {
            return true;
        }

        _claimed = _batch.Count;
        int depth = _incoming.Count + _claimed;
        if (depth >= _quietBelow && _quietBelow < _capacity)
        {
            _quietBelow = _capacity;
            displaced = new Envelope(HighWater, null);
        }

        return depth < _capacity;
    }

    // The count of the batch is read only when the bound seems reached: its line belongs to the consumer.
    private bool HasRoom(int limit)
    {
        if (AnyWaiting)
        {
            return false;
        }

        if (_incoming.Count + _claimed < limit)
        {
            return true;
        }

        _claimed = _batch.Count;
        return _incoming.Count + _claimed < limit;
    }

    // Takes the oldest messages out until there is room, at least one.
    private bool TryMakeRoom(Envelope envelope, ref Envelope displaced)
    {
        if (!TryDisplace(out Envelope oldest))
        {
            return false;
        }

        displaced = oldest;
        DisplacedMessages? all = null;
        while (!HasBytesFor(envelope) && TryDisplace(out Envelope next))
        {
            Pressure.Dropped++;
            all ??= new DisplacedMessages(oldest);
            all.All.Add(next);
            displaced = new Envelope(all, null);
        }

        return true;
    }

    // Takes the oldest message out, but no word of the runtime.
    private bool TryDisplace(out Envelope displaced)
    {
        bool any = _incoming.TryTakeMessage(out displaced);
        displaced = _weighs && any ? Weights!.Release(displaced) : displaced;
        return any;
    }

    private void Add(Envelope envelope)
    {
        Append(envelope);
        if (_weighs)
        {
            Weights!.Add(envelope);
        }
    }

    private void Append(Envelope envelope)
    {
        if (_incoming.Count == 0)
        {
            _incomingSince = CoarseClock.Now(_time);
        }

        _incoming.Append(envelope, _sizeBits);
    }

    private bool WakeForUser()
    {
        bool wake = !_scheduled && _userOpen;
        _scheduled |= wake;
        return wake;
    }

    // Gives the consumer the senders' array, so that it works without the gate; with DropOldest, where the senders
    // must be able to take back what was not handled, one message.
    private Envelope Claim()
    {
        if (_incoming.SeemsEmpty && !AnyWaiting)
        {
            // If a message comes just now, the end of the turn sees it.
            return default;
        }

        Envelope taken = default;
        List<WaitingSender>? admitted = null;
        _gate.Enter();
        while (_pressure is { Waiting: { First: { } head } waiting } && _incoming.Count < _capacity
            && HasBytesFor(head.Value.Envelope))
        {
            WaitingSender sender = head.Value;
            waiting.RemoveFirst();
            Add(sender.Envelope);
            (admitted ??= []).Add(sender);
        }

        bool any = _incoming.Count > 0;
        if (any && _overflow == Overflow.DropOldest)
        {
            taken = _incoming.TakeFirst();
        }
        else if (any)
        {
            Exchange();
        }

        _gate.Exit();
        admitted?.ForEach(static sender => sender.Complete(SendResult.Accepted));
        return taken.Message is null ? _batch.Take() : taken;
    }

    private void Exchange()
    {
        _claimed = _incoming.Count;
        NotePeak(_claimed);
        _incoming.HandOver(_batch, _incomingSince);
    }

    private void NotePeak(int count)
    {
        if (count > 1)
        {
            _peakBits = Math.Max(_peakBits, (byte)(BitOperations.Log2((uint)count - 1) + 1));
        }
    }

    // An idle mailbox keeps only small arrays.
    private void Rest()
    {
        _claimed = 0;
        _quietBelow = HighWaterOf(_capacity);
        _sizeBits = _peakBits;
        _peakBits = 0;
        _incoming.Rest();
        if (!EnvelopeRing.IsSmall(_batch.Size))
        {
            EnvelopeRing.Release(_batch.Exchange([], 0, 0, _batch.Since));
        }
    }

    private static object? Bare(object? message) => message is WeighedMessage weighed ? weighed.Message : message;

    // Very small mailboxes are full as a matter of course.
    private static int HighWaterOf(int capacity) => capacity < 16 ? capacity : capacity - (capacity / 4);
}
