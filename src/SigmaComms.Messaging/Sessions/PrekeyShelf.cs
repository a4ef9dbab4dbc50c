using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions;

/// <summary>The private prekeys of one kind, by id.</summary>
internal sealed class PrekeyShelf : IDisposable
{
    private readonly SortedDictionary<uint, Prekey> _prekeys = [];

    /// <summary>An empty shelf for secrets of one size.</summary>
    public PrekeyShelf(int secretSizeBytes) => SecretSizeBytes = secretSizeBytes;

    /// <summary>Size of each secret.</summary>
    public int SecretSizeBytes { get; }

    /// <summary>How many there are.</summary>
    public int Count => _prekeys.Count;

    /// <summary>Reads a shelf; after bytes that do not fit, the reader has failed.</summary>
    public static PrekeyShelf Read(ref WireReader reader, int secretSizeBytes, int countMax)
    {
        var shelf = new PrekeyShelf(secretSizeBytes);
        int count = reader.U16();
        uint last = 0;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            uint id = reader.U32();
            bool isLastResort = reader.Flag();
            ulong expirySeconds = reader.U64();
            ReadOnlySpan<byte> secret = reader.Fixed(secretSizeBytes);
            if (count > countMax || id <= last || secret.IsEmpty
                || expirySeconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                reader.Fail();
                break;
            }

            DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds((long)expirySeconds);
            shelf.Add(new Prekey(id, isLastResort, expiry, new SecretBytes(secret)));
            last = id;
        }

        return shelf;
    }

    /// <summary>Writes the shelf, sorted by id.</summary>
    public void Write(WireWriter writer)
    {
        writer.U16((ushort)_prekeys.Count);
        foreach (Prekey prekey in _prekeys.Values)
        {
            writer.U32(prekey.Id).Flag(prekey.IsLastResort).U64((ulong)prekey.Expiry.ToUnixTimeSeconds())
                .Fixed(prekey.Secret.Span);
        }
    }

    /// <summary>Puts a key on the shelf.</summary>
    public void Add(Prekey prekey) => _prekeys.Add(prekey.Id, prekey);

    /// <summary>Whether there is a key with this id.</summary>
    public bool Contains(uint id) => _prekeys.ContainsKey(id);

    /// <summary>
    /// The reusable key that is not older than a rotation: any signed prekey, or a last-resort post-quantum key.
    /// </summary>
    public Prekey? Fresh(DateTimeOffset now) => _prekeys.Values.LastOrDefault(prekey =>
        (prekey.IsLastResort || SecretSizeBytes == Cryptography.Kem.X25519.KeySize)
        && prekey.Expiry > now + SessionLimits.BundleLifetime - SessionLimits.PrekeyRotation);

    /// <summary>Copies a secret out.</summary>
    public bool TryGet(uint id, Span<byte> secret, out bool isLastResort)
    {
        bool found = _prekeys.TryGetValue(id, out Prekey? prekey);
        isLastResort = prekey?.IsLastResort ?? false;
        prekey?.Secret.Span.CopyTo(secret);
        return found;
    }

    /// <summary>Zeroes and forgets a key.</summary>
    public void Remove(uint id)
    {
        if (_prekeys.Remove(id, out Prekey? prekey))
        {
            prekey.Secret.Dispose();
        }
    }

    /// <summary>Zeroes and forgets the keys whose retention is over.</summary>
    public void Prune(DateTimeOffset now)
    {
        uint[] over =
            [.. _prekeys.Values.Where(p => p.Expiry + SessionLimits.PrekeyRetention <= now).Select(p => p.Id)];
        foreach (uint id in over)
        {
            Remove(id);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Prekey prekey in _prekeys.Values)
        {
            prekey.Secret.Dispose();
        }

        _prekeys.Clear();
    }
}
