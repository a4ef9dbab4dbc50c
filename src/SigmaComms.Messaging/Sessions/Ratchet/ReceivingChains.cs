using System.Buffers.Binary;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>
/// The peer's last <see cref="SessionLimits.ReceivingChainsMax"/> chains, older ones of which a message is still
/// missing, and the marks of those that are done with.
/// </summary>
internal sealed class ReceivingChains
{
    private readonly List<ReceivingChain> _chains = [];
    private readonly List<ulong> _retired = [];

    /// <summary>The current chain, or null before the first.</summary>
    public ReceivingChain? Current => _chains.Count == 0 ? null : _chains[^1];

    /// <summary>Reads chains; after bytes that do not fit, the reader has failed.</summary>
    public static ReceivingChains Read(ref WireReader reader)
    {
        var chains = new ReceivingChains();
        int count = reader.U8();
        uint lastSerial = 0;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            var chain = new ReceivingChain(reader.Fixed(X25519.KeySize).ToArray(), reader.U32())
            {
                Length = reader.U32(),
                DiscardedBelow = reader.U32(),
            };
            if (count > SessionLimits.WaitingChainsMax || chain.Serial <= lastSerial)
            {
                reader.Fail();
            }

            lastSerial = chain.Serial;
            chains._chains.Add(chain);
        }

        int retired = reader.U8();
        for (int i = 0; i < retired && !reader.Failed; i++)
        {
            chains._retired.Add(reader.U64());
        }

        if (retired > SessionLimits.RetiredChainsMax)
        {
            reader.Fail();
        }

        return chains;
    }

    /// <summary>Writes the chains, oldest first.</summary>
    public void Write(WireWriter writer)
    {
        writer.U8((byte)_chains.Count);
        foreach (ReceivingChain chain in _chains)
        {
            writer.Fixed(chain.Dh).U32(chain.Serial).U32(chain.Length).U32(chain.DiscardedBelow);
        }

        writer.U8((byte)_retired.Count);
        foreach (ulong mark in _retired)
        {
            writer.U64(mark);
        }
    }

    /// <summary>The chain of a ratchet key, or null.</summary>
    public ReceivingChain? Find(ReadOnlySpan<byte> dh)
    {
        for (int i = _chains.Count - 1; i >= 0; i--)
        {
            if (dh.SequenceEqual(_chains[i].Dh))
            {
                return _chains[i];
            }
        }

        return null;
    }

    /// <summary>Whether this was the key of a chain that is too old to open anything.</summary>
    public bool IsRetired(ReadOnlySpan<byte> dh) => _retired.Contains(Mark(dh));

    /// <summary>Whether a key at this position can be wanted: its chain is there, and its number was passed.</summary>
    public bool Covers(SkippedPosition position) =>
        _chains.Exists(chain => chain.Serial == position.Serial && position.N >= chain.DiscardedBelow
            && (chain == Current || position.N < chain.Length));

    /// <summary>Closes the current chain and begins the next one.</summary>
    /// <param name="dh">The peer's new ratchet key.</param>
    /// <param name="serial">Its serial number, one more than the last.</param>
    /// <param name="closedLength">Messages in the chain that ends.</param>
    /// <param name="skipped">The keys of messages that have not come.</param>
    /// <returns>The chain that had to go although messages of it are missing, or null.</returns>
    public ReceivingChain? Begin(byte[] dh, uint serial, uint closedLength, SkippedKeys skipped)
    {
        if (Current is { } current)
        {
            current.Length = closedLength;
        }

        _chains.Add(new ReceivingChain(dh, serial));
        int old = _chains.Count - SessionLimits.ReceivingChainsMax;
        for (int i = old - 1; i >= 0; i--)
        {
            if (!skipped.HasAnyOf(_chains[i].Serial))
            {
                Retire(i);
            }
        }

        return _chains.Count > SessionLimits.WaitingChainsMax ? Retire(0) : null;
    }

    /// <summary>Notes that keys below a number are gone.</summary>
    public void Discard(uint serial, uint below)
    {
        if (_chains.Find(chain => chain.Serial == serial) is { } found)
        {
            found.DiscardedBelow = Math.Max(found.DiscardedBelow, below);
        }
    }

    private ReceivingChain Retire(int index)
    {
        ReceivingChain chain = _chains[index];
        _chains.RemoveAt(index);
        _retired.Add(Mark(chain.Dh));
        if (_retired.Count > SessionLimits.RetiredChainsMax)
        {
            _retired.RemoveAt(0);
        }

        return chain;
    }

    private static ulong Mark(ReadOnlySpan<byte> dh) => BinaryPrimitives.ReadUInt64BigEndian(dh);
}
