using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>
/// The sessions of all clients, bounded. At the bound the one that was not used for longest is forgotten, and the table
/// remembers when that was used: a command that would open a session must have been issued after it, so that no command
/// of a forgotten session is ever executed twice. Immutable.
/// </summary>
internal sealed class SessionTable
{
    /// <summary>
    /// How far a signer's clock may be ahead of the log: 10 s. Were it unbounded, a command from the future could be
    /// repeated once its session is forgotten, or keep everybody else from opening one.
    /// </summary>
    public const long AheadMaxTicks = 10 * TimeSpan.TicksPerSecond;

    /// <summary>
    /// How long a session is safe from others of its signer at the signer's bound: 1 h. Were it not, a signer that
    /// opens many could make the log forget one that was used a moment ago, and nobody could open one with a command
    /// issued before that moment.
    /// </summary>
    public const long SafeTicks = TimeSpan.TicksPerHour;

    private readonly MerkleMap<Session> _sessions;
    private readonly SessionUse _use;

    private SessionTable(int countMax, MerkleMap<Session> sessions, SessionUse use, long forgotten)
    {
        CountMax = countMax;
        _sessions = sessions;
        _use = use;
        ForgottenUntil = forgotten;
    }

    /// <summary>The most sessions that are kept.</summary>
    public int CountMax { get; }

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>
    /// When the forgotten session that was used last was used, in UTC ticks; 0 if none was forgotten.
    /// </summary>
    public long ForgottenUntil { get; }

    /// <summary>Binds all sessions.</summary>
    public Digest Root => _sessions.Root;

    private static ReadOnlySpan<byte> KeyLabel => "SigmaComms session key v1"u8;

    /// <summary>A table without sessions.</summary>
    public static SessionTable Empty(int countMax) => new(countMax, MerkleMap<Session>.Empty, SessionUse.None, 0);

    /// <summary>A client's place in the table, which the client cannot choose.</summary>
    public static Digest KeyOf(Digest client)
    {
        Span<byte> input = stackalloc byte[KeyLabel.Length + Digest.SizeBytes];
        KeyLabel.CopyTo(input);
        client.CopyTo(input[KeyLabel.Length..]);
        return Digest.Sha256(input);
    }

    /// <summary>Finds a session by its place.</summary>
    public bool TryGet(Digest key, [NotNullWhen(true)] out Session? session) => _sessions.TryGet(key, out session);

    /// <summary>Shows what is known of a client.</summary>
    public MapProof Prove(Digest key) => _sessions.Prove(key);

    /// <summary>Whether a command may open a session.</summary>
    public bool MayOpen(ulong sequence, long issuedAt) => sequence <= Session.WindowBits && issuedAt > ForgottenUntil;

    /// <summary>Whether a signer may open one more session after those that it opened in the same block.</summary>
    public bool HasRoom(NodeId owner, int opened, int ownerMax, long timestamp)
    {
        int over = _use.CountOf(owner) + opened + 1 - ownerMax;
        return over <= 0 || (_use.MinuteOf(owner, over - 1) is long minute
            && timestamp - (minute * TimeSpan.TicksPerMinute) > SafeTicks);
    }

    /// <summary>
    /// The table with a session, new or changed; at the bound of its signer, or of all, the one not used for longest
    /// goes.
    /// </summary>
    public SessionTable With(Digest key, Session? before, Session after, int ownerMax)
    {
        SessionTable table = new(CountMax, _sessions.Set(key, after), _use.With(key, before, after), ForgottenUntil);
        if (before is null && table._use.CountOf(after.Owner) > ownerMax)
        {
            return table.Forget(table._use.OldestOf(after.Owner));
        }

        return table.Count > CountMax ? table.Forget(table._use.Oldest) : table;
    }

    /// <summary>The encoding of all sessions, in parts.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        PartWriter parts = new();
        parts.Writer.U64((ulong)ForgottenUntil).U32((uint)Count);
        foreach (KeyValuePair<Digest, Session> entry in _sessions.Entries)
        {
            entry.Value.WriteTo(parts.Writer);
            if (parts.TryTake(out ReadOnlyMemory<byte> part))
            {
                yield return part;
            }
        }

        if (parts.TryTake(out ReadOnlyMemory<byte> last, isEnd: true))
        {
            yield return last;
        }
    }

    /// <summary>Reads all sessions; the reader fails if they are not as they were written.</summary>
    public static SessionTable Read(ref WireReader reader, int countMax)
    {
        ulong forgotten = reader.U64();
        uint count = reader.U32();
        if (count > (uint)countMax || forgotten > long.MaxValue)
        {
            reader.Fail();
        }

        MerkleMap<Session> sessions = MerkleMap<Session>.Empty;
        SessionUse use = SessionUse.None;
        Digest previous = default;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            Session session = Session.Read(ref reader);
            Digest key = KeyOf(session.Client);
            if (i > 0 && key <= previous)
            {
                reader.Fail();
            }

            previous = key;
            sessions = sessions.Set(key, session);
            use = use.With(key, null, session);
        }

        return new SessionTable(countMax, sessions, use, (long)(forgotten & long.MaxValue));
    }

    private SessionTable Forget(Digest key)
    {
        bool found = _sessions.TryGet(key, out Session? session);
        Invariant.Holds(found);
        return new SessionTable(
            CountMax, _sessions.Remove(key), _use.Without(key, session!), Math.Max(ForgottenUntil, session!.LastUsed));
    }
}
