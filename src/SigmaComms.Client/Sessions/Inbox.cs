using SigmaComms.Cryptography;

namespace SigmaComms.Client.Sessions;

/// <summary>Puts a peer device's messages in order without gaps, drops repeats, and keeps them until marked.</summary>
internal sealed class Inbox
{
    /// <summary>The most messages that wait for an earlier one.</summary>
    public const int HeldMax = 1024;

    /// <summary>The most content that waits for an earlier message: 16 MiB.</summary>
    public const long HeldBytesMax = 16L * 1024 * 1024;

    /// <summary>The most messages that wait for the application.</summary>
    public const int ReadyMax = 10_000;

    /// <summary>The most content that waits for the application: 32 MiB.</summary>
    public const long ReadyBytesMax = 32L * 1024 * 1024;

    /// <summary>Streams of the peer that are remembered after it has given them up.</summary>
    public const int RetiredMax = 16;

    private readonly SortedDictionary<ulong, InboxItem> _held = [];
    private readonly SortedDictionary<ulong, InboxItem> _ready = [];
    private readonly List<RetiredStream> _retired = [];
    private long _heldBytes;
    private long _readyBytes;

    /// <summary>The peer's present stream; 0 before anything came.</summary>
    public ulong Stream { get; private set; }

    /// <summary>The counter that must come next.</summary>
    public ulong NextCounter { get; private set; } = 1;

    /// <summary>The place that the next ready message gets.</summary>
    public ulong NextPlace { get; private set; } = 1;

    /// <summary>Messages that wait for an earlier one.</summary>
    public int Held => _held.Count;

    /// <summary>Messages for the application, in order.</summary>
    public IReadOnlyCollection<InboxItem> Ready => _ready.Values;

    /// <summary>Messages that wait for an earlier one, in order.</summary>
    public IReadOnlyCollection<InboxItem> HeldItems => _held.Values;

    /// <summary>Streams that the peer has given up, the oldest first.</summary>
    public IReadOnlyList<RetiredStream> Retired => _retired;

    /// <summary>Content held.</summary>
    public long SizeBytes => _heldBytes + _readyBytes;

    /// <summary>Whether the application must take something first.</summary>
    public bool IsFull => _ready.Count >= ReadyMax || _readyBytes >= ReadyBytesMax;

    /// <summary>Whether it is worth asking for what was turned away: at least half is free.</summary>
    public bool HasAmpleRoom => _ready.Count <= ReadyMax / 2 && _readyBytes <= ReadyBytesMax / 2;

    /// <summary>What is held beyond the gap, as far as one report can tell.</summary>
    public IReadOnlyList<CounterRun> HeldRuns
    {
        get
        {
            var runs = new List<CounterRun>();
            foreach (ulong counter in _held.Keys)
            {
                if (runs.Count > 0 && runs[^1].Last + 1 == counter)
                {
                    runs[^1] = runs[^1] with { Last = counter };
                }
                else if (runs.Count == ReceiptReport.RunsMax)
                {
                    break;
                }
                else
                {
                    runs.Add(new CounterRun(counter, counter));
                }
            }

            return runs;
        }
    }

    /// <summary>Starts from a compacted state; the items follow.</summary>
    public void Restore(ulong stream, ulong nextCounter, ulong nextPlace, IEnumerable<RetiredStream> retired)
    {
        Stream = stream;
        NextCounter = nextCounter;
        NextPlace = nextPlace;
        _retired.AddRange(retired);
    }

    /// <summary>Whether the peer has given this stream up.</summary>
    public bool IsRetired(ulong stream) => _retired.Exists(retired => retired.Stream == stream);

    /// <summary>Whether the message came before.</summary>
    public bool IsRepeat(ulong stream, ulong counter) => stream == Stream
        ? counter < NextCounter || _held.ContainsKey(counter)
        : _retired.Exists(retired => retired.Stream == stream && counter < retired.NextCounter);

    /// <summary>Whether there is room for the message; the one that fills a gap always has room in the order.</summary>
    public bool MayHold(ulong stream, ulong counter) =>
        stream != Stream || counter == NextCounter || (_held.Count < HeldMax && _heldBytes < HeldBytesMax);

    /// <summary>The peer numbers anew. What waits for a gap of the old stream becomes ready.</summary>
    /// <returns>What became ready by it, in order.</returns>
    public IReadOnlyList<InboxItem> Begin(ulong stream, ulong floor)
    {
        IReadOnlyList<InboxItem> ready = SkipTo(_held.Count == 0 ? NextCounter : _held.Keys.Last() + 1);
        if (Stream != 0)
        {
            _retired.Add(new RetiredStream(Stream, NextCounter));
            _retired.RemoveRange(0, Math.Max(0, _retired.Count - RetiredMax));
        }

        Stream = stream;
        NextCounter = floor;
        return ready;
    }

    /// <summary>What is missing below the counter never comes.</summary>
    /// <returns>What became ready by it, in order.</returns>
    public IReadOnlyList<InboxItem> SkipTo(ulong counter)
    {
        var ready = new List<InboxItem>();
        while (_held.Count > 0 && _held.Keys.First() < counter)
        {
            ready.Add(MakeReady(_held.Keys.First()));
        }

        NextCounter = Math.Max(NextCounter, counter);
        return [.. ready, .. TakeReady()];
    }

    /// <summary>Takes a message in.</summary>
    /// <returns>What became ready by it, in order.</returns>
    public IReadOnlyList<InboxItem> Add(ulong stream, InboxItem item)
    {
        Invariant.Holds(!IsRepeat(stream, item.Counter));
        if (stream != Stream)
        {
            return [AddLate(stream, item)];
        }

        Hold(item);
        return TakeReady();
    }

    /// <summary>Puts an item of a compacted state back.</summary>
    public void PutBack(InboxItem item)
    {
        if (item.Place == 0)
        {
            Hold(item);
            return;
        }

        _ready.Add(item.Place, item);
        _readyBytes += item.Body.Length;
    }

    /// <summary>Whether the application has still to mark it.</summary>
    public bool IsReady(ulong place) => _ready.ContainsKey(place);

    /// <summary>The application has it.</summary>
    public void Mark(ulong place)
    {
        Invariant.Holds(_ready.Remove(place, out InboxItem? item));
        _readyBytes -= item!.Body.Length;
    }

    private InboxItem AddLate(ulong stream, InboxItem item)
    {
        // What is missing before it was lost with the peer's old state: order holds, gaps are no more waited for.
        int index = _retired.FindIndex(retired => retired.Stream == stream);
        _retired[index] = new RetiredStream(stream, item.Counter + 1);
        return Ripen(item);
    }

    private void Hold(InboxItem item)
    {
        _held.Add(item.Counter, item);
        _heldBytes += item.Body.Length;
    }

    private List<InboxItem> TakeReady()
    {
        var ready = new List<InboxItem>();
        while (_held.ContainsKey(NextCounter))
        {
            ready.Add(MakeReady(NextCounter));
            NextCounter++;
        }

        return ready;
    }

    private InboxItem MakeReady(ulong counter)
    {
        Invariant.Holds(_held.Remove(counter, out InboxItem? item));
        _heldBytes -= item!.Body.Length;
        return Ripen(item);
    }

    private InboxItem Ripen(InboxItem item)
    {
        InboxItem ready = item with { Place = NextPlace++ };
        _ready.Add(ready.Place, ready);
        _readyBytes += ready.Body.Length;
        return ready;
    }
}
