using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// The private halves of the one-time bundles that nobody has used, at most
/// <see cref="SessionLimits.OneTimePrekeysMax"/> pairs. Whichever half is used, the whole pair goes.
/// </summary>
internal sealed class PrekeyPairShelf : IDisposable
{
    private readonly SortedDictionary<uint, PrekeyPair> _byKemId = [];
    private readonly Dictionary<uint, PrekeyPair> _byOneTimeId = [];

    /// <summary>How many pairs there are.</summary>
    public int Count => _byKemId.Count;

    /// <summary>Reads a shelf; after bytes that do not fit, the reader has failed.</summary>
    public static PrekeyPairShelf Read(ref WireReader reader)
    {
        var shelf = new PrekeyPairShelf();
        int count = reader.U16();
        uint last = 0;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            uint kemId = reader.U32();
            uint oneTimeId = reader.U32();
            ulong expirySeconds = reader.U64();
            ReadOnlySpan<byte> secret = reader.Fixed(PrekeyPair.SecretSizeBytes);
            if (count > SessionLimits.OneTimePrekeysMax || kemId <= last || secret.IsEmpty
                || shelf._byOneTimeId.ContainsKey(oneTimeId)
                || expirySeconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                reader.Fail();
                break;
            }

            DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds((long)expirySeconds);
            shelf.Add(new PrekeyPair(kemId, oneTimeId, expiry, new SecretBytes(secret)));
            last = kemId;
        }

        return shelf;
    }

    /// <summary>Writes the shelf, sorted by the id of the post-quantum half.</summary>
    public void Write(WireWriter writer)
    {
        Invariant.Holds(Count <= SessionLimits.OneTimePrekeysMax && Count == _byOneTimeId.Count);
        writer.U16((ushort)Count);
        foreach (PrekeyPair pair in _byKemId.Values)
        {
            writer.U32(pair.KemId).U32(pair.OneTimeId).U64((ulong)pair.Expiry.ToUnixTimeSeconds())
                .Fixed(pair.Secret.Span);
        }
    }

    /// <summary>
    /// Puts a pair on the shelf; from a full one the oldest goes. Otherwise who fetches bundles and uses none could
    /// keep the shelf full, and the device without new ones, until they expire.
    /// </summary>
    public void Add(PrekeyPair pair)
    {
        if (Count == SessionLimits.OneTimePrekeysMax)
        {
            Remove(_byKemId.Values.MinBy(p => (p.Expiry, p.KemId)));
        }

        _byKemId.Add(pair.KemId, pair);
        _byOneTimeId.Add(pair.OneTimeId, pair);
    }

    /// <summary>Copies the post-quantum half out.</summary>
    public bool TryGetKem(uint id, Span<byte> seed)
    {
        bool found = _byKemId.TryGetValue(id, out PrekeyPair? pair);
        pair?.KemSeed.CopyTo(seed);
        return found;
    }

    /// <summary>Copies the X25519 half out.</summary>
    public bool TryGetOneTime(uint id, Span<byte> privateKey)
    {
        bool found = _byOneTimeId.TryGetValue(id, out PrekeyPair? pair);
        pair?.OneTimeKey.CopyTo(privateKey);
        return found;
    }

    /// <summary>Zeroes and forgets the pair with this post-quantum half.</summary>
    public void RemoveKem(uint id) => Remove(_byKemId.GetValueOrDefault(id));

    /// <summary>Zeroes and forgets the pair with this X25519 half.</summary>
    public void RemoveOneTime(uint id) => Remove(_byOneTimeId.GetValueOrDefault(id));

    /// <summary>Zeroes and forgets the pairs whose retention is over.</summary>
    public void Prune(DateTimeOffset now)
    {
        PrekeyPair[] over = [.. _byKemId.Values.Where(p => p.Expiry + SessionLimits.PrekeyRetention <= now)];
        foreach (PrekeyPair pair in over)
        {
            Remove(pair);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PrekeyPair pair in _byKemId.Values)
        {
            pair.Secret.Dispose();
        }

        _byKemId.Clear();
        _byOneTimeId.Clear();
    }

    private void Remove(PrekeyPair? pair)
    {
        if (pair is not null)
        {
            _byKemId.Remove(pair.KemId);
            _byOneTimeId.Remove(pair.OneTimeId);
            pair.Secret.Dispose();
        }
    }
}
