using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>What was sealed for one peer device and is not known to have arrived there, in order.</summary>
internal sealed class Outbox
{
    /// <summary>The most messages that wait; further ones are refused.</summary>
    public const int EntriesMax = 10_000;

    /// <summary>The most ciphertext that waits: 32 MiB.</summary>
    public const long BytesMax = 32L * 1024 * 1024;

    private readonly SortedDictionary<ulong, OutboxEntry> _sequenced = [];
    private readonly Dictionary<Digest16, OutboxEntry> _byId = [];

    /// <summary>Counter of the next sequenced message.</summary>
    public ulong NextCounter { get; private set; } = 1;

    /// <summary>The one receipt that waits for the cluster, if any.</summary>
    public OutboxEntry? Receipt { get; private set; }

    /// <summary>Sequenced messages without a receipt.</summary>
    public int Count => _sequenced.Count;

    /// <summary>Messages that the cluster does not have yet.</summary>
    public int Unaccepted { get; private set; }

    /// <summary>Ciphertext held.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether another message must be refused.</summary>
    public bool IsFull => _sequenced.Count >= EntriesMax || SizeBytes >= BytesMax;

    /// <summary>All entries, the receipt last.</summary>
    public IEnumerable<OutboxEntry> Entries =>
        Receipt is null ? _sequenced.Values : _sequenced.Values.Append(Receipt);

    /// <summary>Starts from a compacted state.</summary>
    public void Restore(ulong nextCounter) => NextCounter = nextCounter;

    /// <summary>Whether the message is still here.</summary>
    public bool Contains(Digest16 id) => _byId.ContainsKey(id);

    /// <summary>Adds a sealed message.</summary>
    public void Add(OutboxEntry entry)
    {
        Invariant.Holds(_byId.TryAdd(entry.Id, entry));
        SizeBytes += entry.Sealed.Length;
        Unaccepted++;
        if (entry.Kind == EnvelopeKind.Receipt)
        {
            Invariant.Holds(Receipt is null);
            Receipt = entry;
            return;
        }

        Invariant.Holds(entry.Counter != 0 && _sequenced.TryAdd(entry.Counter, entry));
        NextCounter = Math.Max(NextCounter, entry.Counter + 1);
    }

    /// <summary>The cluster has it: a receipt is done with, a message now waits for the peer.</summary>
    /// <returns>False if nothing changed.</returns>
    public bool Accept(Digest16 id, long unixMs)
    {
        if (!_byId.TryGetValue(id, out OutboxEntry? entry))
        {
            return false;
        }

        entry.InFlight = false;
        if (entry.Kind == EnvelopeKind.Receipt)
        {
            Receipt = null;
            Forget(entry);
            return true;
        }

        bool first = entry.AcceptedUnixMs is null;
        Unaccepted -= first ? 1 : 0;
        entry.AcceptedUnixMs = unixMs;
        return first;
    }

    /// <summary>Whether accepting would change anything.</summary>
    public bool Awaits(Digest16 id) => _byId.TryGetValue(id, out OutboxEntry? entry) && entry.AcceptedUnixMs is null;

    /// <summary>The peer has everything up to the counter.</summary>
    /// <returns>The ids that are done with, in order.</returns>
    public IReadOnlyList<Digest16> Acknowledge(ulong upTo)
    {
        var done = new List<Digest16>();
        while (_sequenced.Count > 0)
        {
            OutboxEntry first = _sequenced.First().Value;
            if (first.Counter > upTo)
            {
                break;
            }

            _sequenced.Remove(first.Counter);
            Forget(first);
            done.Add(first.Id);
        }

        return done;
    }

    /// <summary>Picks what to deposit now and marks it as under way.</summary>
    /// <param name="window">How far behind the oldest waiting one a message may be sent ahead of it.</param>
    public IReadOnlyList<OutboxEntry> NextDeposits(int window)
    {
        var next = new List<OutboxEntry>();
        if (Unaccepted > 0)
        {
            // The span of counters is bounded too, so that the peer holds back few messages if one is late.
            ulong oldest = 0;
            foreach (OutboxEntry entry in Entries.Where(entry => entry.AcceptedUnixMs is null))
            {
                oldest = oldest == 0 ? entry.Counter : oldest;
                if (entry.Counter >= oldest + (ulong)window && entry.Kind != EnvelopeKind.Receipt)
                {
                    break;
                }

                if (!entry.InFlight)
                {
                    entry.InFlight = true;
                    next.Add(entry);
                }
            }
        }

        return next;
    }

    /// <summary>One attempt failed; it will be picked again.</summary>
    public void DepositFailed(Digest16 id)
    {
        if (_byId.TryGetValue(id, out OutboxEntry? entry))
        {
            entry.InFlight = false;
        }
    }

    /// <summary>The link is gone, and every attempt with it.</summary>
    public void LinkLost()
    {
        foreach (OutboxEntry entry in Entries)
        {
            entry.InFlight = false;
        }
    }

    /// <summary>Offers messages again that the cluster took long ago and nobody confirmed.</summary>
    public void Reopen(long acceptedBeforeUnixMs)
    {
        foreach (OutboxEntry entry in _sequenced.Values.Where(entry => entry.AcceptedUnixMs <= acceptedBeforeUnixMs))
        {
            entry.AcceptedUnixMs = null;
            Unaccepted++;
        }
    }

    private void Forget(OutboxEntry entry)
    {
        _byId.Remove(entry.Id);
        SizeBytes -= entry.Sealed.Length;
        Unaccepted -= entry.AcceptedUnixMs is null ? 1 : 0;
    }
}
