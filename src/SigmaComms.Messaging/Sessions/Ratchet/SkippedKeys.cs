using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>
/// The secrets of messages that have not come yet, sorted by chain and number, at most
/// <see cref="SessionLimits.SkippedKeysMax"/>.
/// </summary>
internal sealed class SkippedKeys : IDisposable
{
    private const int SecretSize = RatchetKdf.KeySize;

    private readonly List<SkippedPosition> _positions = [];
    private SecretBytes _secrets = new(0);

    /// <summary>How many there are.</summary>
    public int Count => _positions.Count;

    /// <summary>The memory of all secrets, for tests.</summary>
    internal ReadOnlySpan<byte> Memory => _secrets.Span;

    /// <summary>Reads keys; after bytes that do not fit, the reader has failed.</summary>
    public static SkippedKeys Read(ref WireReader reader, ReceivingChains chains)
    {
        var keys = new SkippedKeys();
        int count = reader.U16();
        if (count > SessionLimits.SkippedKeysMax)
        {
            reader.Fail();
        }

        for (int i = 0; i < count && !reader.Failed; i++)
        {
            var position = new SkippedPosition(reader.U32(), reader.U32());
            ReadOnlySpan<byte> secret = reader.Fixed(SecretSize);
            bool inOrder = i == 0 || keys._positions[^1].CompareTo(position) < 0;
            if (reader.Failed || !inOrder || !chains.Covers(position))
            {
                reader.Fail();
                break;
            }

            keys.Add(position, secret);
        }

        return keys;
    }

    /// <summary>Writes the keys in their order.</summary>
    public void Write(WireWriter writer)
    {
        writer.U16((ushort)_positions.Count);
        for (int i = 0; i < _positions.Count; i++)
        {
            writer.U32(_positions[i].Serial).U32(_positions[i].N).Fixed(Secret(i));
        }
    }

    /// <summary>Finds a key.</summary>
    /// <returns>Its index, or a negative number.</returns>
    public int Find(SkippedPosition position) => _positions.BinarySearch(position);

    /// <summary>Whether a message of the chain is still missing.</summary>
    public bool HasAnyOf(uint serial)
    {
        int at = Find(new SkippedPosition(serial, 0));
        int next = at >= 0 ? at : ~at;
        return next < _positions.Count && _positions[next].Serial == serial;
    }

    /// <summary>The secret at an index.</summary>
    public ReadOnlySpan<byte> Secret(int index) => Slot(index);

    /// <summary>Zeroes and forgets the key at an index.</summary>
    public void Remove(int index) => RemoveRange(index, 1);

    /// <summary>Zeroes and forgets all keys of a chain.</summary>
    public void RemoveChain(uint serial)
    {
        int first = _positions.FindIndex(position => position.Serial == serial);
        if (first >= 0)
        {
            int last = _positions.FindLastIndex(position => position.Serial == serial);
            RemoveRange(first, last - first + 1);
        }
    }

    /// <summary>Takes over the keys of a message that opened, and lets the oldest go above the limit.</summary>
    public void Append(SkippedDraft draft, ReceivingChains chains)
    {
        foreach (SkippedPosition below in draft.DiscardedBelow)
        {
            chains.Discard(below.Serial, below.N);
        }

        for (int run = 0; run < draft.Runs.Count; run++)
        {
            AddRun(draft, run);
        }

        int over = _positions.Count - SessionLimits.SkippedKeysMax;
        for (int i = 0; i < over; i++)
        {
            chains.Discard(_positions[i].Serial, _positions[i].N + 1);
        }

        if (over > 0)
        {
            RemoveRange(0, over);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _secrets.Dispose();
        _positions.Clear();
    }

    private void AddRun(SkippedDraft draft, int run)
    {
        Span<byte> secret = stackalloc byte[SecretSize];
        SkippedPosition position = draft.Runs[run].First;
        for (uint i = 0; i < draft.Runs[run].Count; i++)
        {
            draft.Derive(run, secret);
            Add(position, secret);
            position = position with { N = position.N + 1 };
        }

        CryptographicOperations.ZeroMemory(secret);
    }

    private void Add(SkippedPosition position, ReadOnlySpan<byte> secret)
    {
        Invariant.Holds(_positions.Count == 0 || _positions[^1].CompareTo(position) < 0);
        int needed = (_positions.Count + 1) * SecretSize;
        if (_secrets.Length < needed)
        {
            var larger = new SecretBytes(Math.Max(needed, 2 * _secrets.Length));
            _secrets.Span.CopyTo(larger.Span);
            _secrets.Dispose();
            _secrets = larger;
        }

        _positions.Add(position);
        secret.CopyTo(Slot(_positions.Count - 1));
    }

    private void RemoveRange(int index, int count)
    {
        Span<byte> used = _secrets.Span[..(_positions.Count * SecretSize)];
        used[((index + count) * SecretSize)..].CopyTo(used[(index * SecretSize)..]);
        used[^(count * SecretSize)..].Clear();
        _positions.RemoveRange(index, count);
    }

    private Span<byte> Slot(int index) => _secrets.Span.Slice(index * SecretSize, SecretSize);
}
