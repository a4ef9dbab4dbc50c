using SigmaComms.Cryptography;

namespace SigmaComms.Client.Sessions;

/// <summary>Puts a peer device's messages in order without gaps, drops repeats, and keeps them until marked.</summary>
internal sealed class Inbox
{
    /// <summary>The most messages that wait for an earlier one.</summary>
    public const int HeldMax = 1024;

    /// <summary>The most messages that wait for the application.</summary>
    public const int ReadyMax = 10_000;

    /// <summary>The most content that waits: 32 MiB.</summary>
    public const long BytesMax = 32L * 1024 * 1024;

    private readonly SortedDictionary<ulong, InboxItem> _held = [];
    private readonly SortedDictionary<ulong, InboxItem> _ready = [];

    /// <summary>The counter that must come next.</summary>
    public ulong NextCounter { get; private set; } = 1;

    /// <summary>Messages that wait for an earlier one.</summary>
    public int Held => _held.Count;

    /// <summary>Messages for the application, in order.</summary>
    public IReadOnlyCollection<InboxItem> Ready => _ready.Values;

    /// <summary>Content held.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>All items, ready and held, in order.</summary>
    public IEnumerable<InboxItem> Items => _ready.Values.Concat(_held.Values);

    /// <summary>Whether a message might have to be turned away.</summary>
    public bool IsNearlyFull =>
        _held.Count >= HeldMax || _ready.Count + _held.Count >= ReadyMax || SizeBytes >= BytesMax;

    /// <summary>Whether it is worth asking for what was turned away: at least half is free.</summary>
    public bool HasAmpleRoom => _held.Count <= HeldMax / 2
        && _ready.Count + _held.Count <= ReadyMax / 2 && SizeBytes <= BytesMax / 2;

    /// <summary>Starts from a compacted state; the items follow.</summary>
    public void Restore(ulong nextCounter) => NextCounter = nextCounter;

    /// <summary>Whether the place is taken already.</summary>
    public bool IsRepeat(ulong counter) => counter < NextCounter || _held.ContainsKey(counter);

    /// <summary>Whether there is room for the message; the one that fills a gap always has room in the order.</summary>
    public bool HasRoomFor(ulong counter) =>
        _ready.Count + _held.Count < ReadyMax && SizeBytes < BytesMax
        && (counter == NextCounter || _held.Count < HeldMax);

    /// <summary>Takes a message in.</summary>
    /// <returns>What became ready by it, in order.</returns>
    public IReadOnlyList<InboxItem> Add(InboxItem item)
    {
        Invariant.Holds(item.Counter >= NextCounter && !_held.ContainsKey(item.Counter));
        SizeBytes += item.Body.Length;
        _held.Add(item.Counter, item);
        var ready = new List<InboxItem>();
        while (_held.Remove(NextCounter, out InboxItem? next))
        {
            _ready.Add(next.Counter, next);
            ready.Add(next);
            NextCounter++;
        }

        return ready;
    }

    /// <summary>Puts an item of a compacted state back.</summary>
    public void Put(InboxItem item)
    {
        SizeBytes += item.Body.Length;
        (item.Counter < NextCounter ? _ready : _held).Add(item.Counter, item);
    }

    /// <summary>Whether the application has still to mark it.</summary>
    public bool IsReady(ulong counter) => _ready.ContainsKey(counter);

    /// <summary>The application has it.</summary>
    public void Mark(ulong counter)
    {
        Invariant.Holds(_ready.Remove(counter, out InboxItem? item));
        SizeBytes -= item!.Body.Length;
    }
}
