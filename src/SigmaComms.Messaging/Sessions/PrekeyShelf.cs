using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// The private prekeys of one kind that are renewed from time to time, by id, at most
/// <see cref="SessionLimits.RotatedPrekeysMax"/>.
/// </summary>
internal sealed class PrekeyShelf : IDisposable
{
    private readonly SortedDictionary<uint, Prekey> _prekeys = [];
    private readonly int _secretSizeBytes;

    /// <summary>An empty shelf for secrets of one size.</summary>
    public PrekeyShelf(int secretSizeBytes) => _secretSizeBytes = secretSizeBytes;

    /// <summary>Reads a shelf; after bytes that do not fit, the reader has failed.</summary>
    public static PrekeyShelf Read(ref WireReader reader, int secretSizeBytes)
    {
        var shelf = new PrekeyShelf(secretSizeBytes);
        int count = reader.U16();
        uint last = 0;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            uint id = reader.U32();
            ulong expirySeconds = reader.U64();
            ReadOnlySpan<byte> secret = reader.Fixed(secretSizeBytes);
            if (count > SessionLimits.RotatedPrekeysMax || id <= last || secret.IsEmpty
                || expirySeconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                reader.Fail();
                break;
            }

            DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds((long)expirySeconds);
            shelf.Add(new Prekey(id, expiry, new SecretBytes(secret)));
            last = id;
        }

        return shelf;
    }

    /// <summary>Writes the shelf, sorted by id.</summary>
    public void Write(WireWriter writer)
    {
        Invariant.Holds(_prekeys.Count <= SessionLimits.RotatedPrekeysMax);
        writer.U16((ushort)_prekeys.Count);
        foreach (Prekey prekey in _prekeys.Values)
        {
            writer.U32(prekey.Id).U64((ulong)prekey.Expiry.ToUnixTimeSeconds()).Fixed(prekey.Secret.Span);
        }
    }

    /// <summary>Puts a key on the shelf; from a full one the key that ends first goes.</summary>
    public void Add(Prekey prekey)
    {
        if (_prekeys.Count == SessionLimits.RotatedPrekeysMax)
        {
            Remove(_prekeys.Values.MinBy(p => (p.Expiry, p.Id))!.Id);
        }

        _prekeys.Add(prekey.Id, prekey);
    }

    /// <summary>Whether there is a key with this id.</summary>
    public bool Contains(uint id) => _prekeys.ContainsKey(id);

    /// <summary>The key that is not older than a rotation, or null.</summary>
    public Prekey? Fresh(DateTimeOffset now) => _prekeys.Values.LastOrDefault(
        prekey => prekey.Expiry > now + SessionLimits.BundleLifetime - SessionLimits.PrekeyRotation);

    /// <summary>Copies a secret out.</summary>
    public bool TryGet(uint id, Span<byte> secret)
    {
        bool found = _prekeys.TryGetValue(id, out Prekey? prekey);
        prekey?.Secret.Span.CopyTo(secret);
        return found;
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

    /// <summary>Room for a secret of this shelf.</summary>
    public SecretBytes NewSecret() => new(_secretSizeBytes);

    private void Remove(uint id)
    {
        if (_prekeys.Remove(id, out Prekey? prekey))
        {
            prekey.Secret.Dispose();
        }
    }
}
