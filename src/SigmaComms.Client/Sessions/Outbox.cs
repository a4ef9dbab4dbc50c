using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>What was sealed for one peer device and is not known to have arrived there, in order.</summary>
internal sealed class Outbox
{
    /// <summary>The most messages that wait; further ones are refused.</summary>
    public const int EntriesMax = 10_000;

    /// <summary>The most that waits, content and ciphertext together: 32 MiB.</summary>
    public const long BytesMax = 32L * 1024 * 1024;

    /// <summary>How long after the news that the peer lacks a message it is sealed again: 3 s.</summary>
    public const long ResendGraceMs = 3_000;

    /// <summary>The shortest time between two sealings of one message; it doubles with each: 5 s.</summary>
    public const long ResendPauseFirstMs = 5_000;

    /// <summary>The longest such time: an hour.</summary>
    public const long ResendPauseLastMs = 60 * 60 * 1000;

    private readonly SortedDictionary<ulong, OutboxEntry> _sequenced = [];
    private readonly Dictionary<Digest16, OutboxEntry> _byId = [];
    private readonly Dictionary<Digest16, OutboxEntry> _byDeposit = [];
    private int _wanted;

    /// <summary>Names the numbering; 0 before the first message.</summary>
    public ulong Stream { get; private set; }

    /// <summary>Counter of the next sequenced message.</summary>
    public ulong NextCounter { get; private set; } = 1;

    /// <summary>The lowest counter that is still here, or the next one.</summary>
    public ulong Floor => _sequenced.Count == 0 ? NextCounter : _sequenced.First().Key;

    /// <summary>The one receipt that waits for the cluster, if any.</summary>
    public OutboxEntry? Receipt { get; private set; }

    /// <summary>Sequenced messages without a receipt.</summary>
    public int Count => _sequenced.Count;

    /// <summary>Messages that the cluster does not have yet.</summary>
    public int Unaccepted { get; private set; }

    /// <summary>Content and ciphertext held.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether another message must be refused.</summary>
    public bool IsFull => _sequenced.Count >= EntriesMax || SizeBytes >= BytesMax;

    /// <summary>All entries, the receipt last.</summary>
    public IEnumerable<OutboxEntry> Entries =>
        Receipt is null ? _sequenced.Values : _sequenced.Values.Append(Receipt);

    /// <summary>When something is to be sealed again, at the earliest; null for nothing.</summary>
    public long? NextAgainUnixMs
    {
        get
        {
            long? probe = _sequenced.Count == 0 ? null : _sequenced.First().Value.ProbeUnixMs;
            long? wanted = _wanted == 0 ? null : _sequenced.Values.Min(static entry => entry.ResendUnixMs);
            return probe is null || wanted < probe ? wanted : probe;
        }
    }

    /// <summary>A random name for a new numbering.</summary>
    public static ulong NewStream(IRandomSource random)
    {
        Span<byte> name = stackalloc byte[sizeof(ulong)];
        random.Fill(name);
        return Math.Max(1, BitConverter.ToUInt64(name));
    }

    /// <summary>Begins a numbering, or goes on with one.</summary>
    public void Restore(ulong stream, ulong nextCounter)
    {
        Stream = stream;
        NextCounter = nextCounter;
    }

    /// <summary>Where an envelope with this counter stands; 0 for a receipt.</summary>
    public StreamPlace PlaceOf(ulong counter) => new(Stream, counter, Floor);

    /// <summary>Whether the message is still here.</summary>
    public bool Contains(Digest16 id) => _byId.ContainsKey(id);

    /// <summary>Adds a sealed message.</summary>
    public void Add(OutboxEntry entry)
    {
        Invariant.Holds(_byId.TryAdd(entry.Id, entry) && _byDeposit.TryAdd(entry.Ciphertext.DepositId, entry));
        SizeBytes += entry.SizeBytes;
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

    /// <summary>A message was sealed again: from now on only these bytes are deposited.</summary>
    public void Replace(Digest16 id, Ciphertext newest)
    {
        OutboxEntry entry = _byId[id];
        Invariant.Holds(entry.Kind != EnvelopeKind.Receipt);
        Invariant.Holds(_byDeposit.Remove(entry.Ciphertext.DepositId) && _byDeposit.TryAdd(newest.DepositId, entry));
        SizeBytes -= entry.SizeBytes;
        Unaccepted += entry.AcceptedUnixMs is null ? 0 : 1;
        Want(entry, null);
        entry.Replace(newest);
        SizeBytes += entry.SizeBytes;
    }

    /// <summary>The cluster has it: a receipt is done with, a message now waits for the peer.</summary>
    /// <returns>Which message it is, if it was deposited for the first time; else null.</returns>
    public Digest16? Accept(Digest16 depositId, long unixMs)
    {
        if (!_byDeposit.TryGetValue(depositId, out OutboxEntry? entry))
        {
            return null;
        }

        entry.InFlight = false;
        if (entry.Kind == EnvelopeKind.Receipt)
        {
            Receipt = null;
            Forget(entry);
            return null;
        }

        bool first = entry.AcceptedUnixMs is null;
        Unaccepted -= first ? 1 : 0;
        entry.AcceptedUnixMs = unixMs;
        return first && entry.Ciphertext.Attempt == 0 ? entry.Id : null;
    }

    /// <summary>Whether accepting would change anything.</summary>
    public bool Awaits(Digest16 depositId) =>
        _byDeposit.TryGetValue(depositId, out OutboxEntry? entry) && entry.AcceptedUnixMs is null;

    /// <summary>The peer has everything up to the counter.</summary>
    /// <returns>The ids that are done with, in order.</returns>
    public IReadOnlyList<Digest16> Acknowledge(ulong upTo, long unixMs)
    {
        var done = new List<Digest16>();
        long overtakenBefore = 0;
        while (_sequenced.Count > 0 && _sequenced.First().Value is { } first && first.Counter <= upTo)
        {
            _sequenced.Remove(first.Counter);
            Forget(first);
            done.Add(first.Id);
            overtakenBefore = first.Ciphertext.Attempt > 0
                ? Math.Max(overtakenBefore, first.Ciphertext.UnixMs)
                : overtakenBefore;
        }

        // Something was sealed again and arrived: what the cluster had before that should have been there first.
        foreach (OutboxEntry entry in _sequenced.Values.Where(entry => entry.AcceptedUnixMs < overtakenBefore))
        {
            WantSoon(entry, unixMs);
        }

        return done;
    }

    /// <summary>Takes note of what the peer says it has and lacks.</summary>
    public void NoteReport(ReceiptReport report, long unixMs)
    {
        foreach (OutboxEntry entry in _sequenced.Values.Where(entry => entry.AcceptedUnixMs is not null))
        {
            switch (report.Misses(entry.Counter))
            {
                case true:
                    WantSoon(entry, unixMs);
                    break;
                case false:
                    Want(entry, null);
                    break;
            }
        }
    }

    /// <summary>What to seal again now, in order.</summary>
    /// <param name="unixMs">The time.</param>
    /// <param name="countMax">The most to return.</param>
    public IReadOnlyList<OutboxEntry> DueAgain(long unixMs, int countMax)
    {
        if (NextAgainUnixMs is not { } next || next > unixMs)
        {
            return [];
        }

        // On suspicion only the oldest: if it arrives, the peer's receipt tells what else it lacks.
        OutboxEntry oldest = _sequenced.First().Value;
        return [.. _sequenced.Values
            .Where(entry => entry.ResendUnixMs <= unixMs || (entry == oldest && entry.ProbeUnixMs <= unixMs))
            .Take(countMax)];
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
    public void DepositFailed(Digest16 depositId)
    {
        if (_byDeposit.TryGetValue(depositId, out OutboxEntry? entry))
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

    /// <summary>Puts an entry of a compacted state back as it was.</summary>
    public void PutBack(Digest16 id, long? acceptedUnixMs, long? resendUnixMs)
    {
        OutboxEntry entry = _byId[id];
        Unaccepted -= acceptedUnixMs is null ? 0 : 1;
        entry.AcceptedUnixMs = acceptedUnixMs;
        Want(entry, resendUnixMs);
    }

    private void WantSoon(OutboxEntry entry, long unixMs)
    {
        if (entry.ResendUnixMs is null)
        {
            long pauseMs = Math.Min(
                ResendPauseFirstMs << Math.Min(entry.Ciphertext.Attempt, 16), ResendPauseLastMs);
            Want(entry, Math.Max(unixMs + ResendGraceMs, entry.Ciphertext.UnixMs + pauseMs));
        }
    }

    private void Want(OutboxEntry entry, long? unixMs)
    {
        _wanted += (unixMs is null ? 0 : 1) - (entry.ResendUnixMs is null ? 0 : 1);
        entry.ResendUnixMs = unixMs;
    }

    private void Forget(OutboxEntry entry)
    {
        _byId.Remove(entry.Id);
        _byDeposit.Remove(entry.Ciphertext.DepositId);
        SizeBytes -= entry.SizeBytes;
        Unaccepted -= entry.AcceptedUnixMs is null ? 1 : 0;
        Want(entry, null);
    }
}
