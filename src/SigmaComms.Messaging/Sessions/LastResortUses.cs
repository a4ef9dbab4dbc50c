using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// The ephemeral keys that came under each last-resort key, at most <see cref="SessionLimits.LastResortUsesMax"/>.
/// </summary>
internal sealed class LastResortUses
{
    private readonly SortedDictionary<uint, SortedSet<Digest>> _uses = [];

    /// <summary>Reads uses of keys on a shelf; after bytes that do not fit, the reader has failed.</summary>
    public static LastResortUses Read(ref WireReader reader, PrekeyShelf lastResort)
    {
        var uses = new LastResortUses();
        int count = reader.U16();
        uint last = 0;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            uint id = reader.U32();
            if (id <= last || !lastResort.Contains(id))
            {
                reader.Fail();
                break;
            }

            uses._uses.Add(id, ReadKeys(ref reader));
            last = id;
        }

        return uses;
    }

    /// <summary>Writes the uses, sorted by id and ephemeral key.</summary>
    public void Write(WireWriter writer)
    {
        Invariant.Holds(_uses.Count <= SessionLimits.RotatedPrekeysMax);
        writer.U16((ushort)_uses.Count);
        foreach ((uint id, SortedSet<Digest> keys) in _uses)
        {
            Invariant.Holds(keys.Count is > 0 and <= SessionLimits.LastResortUsesMax);
            writer.U32(id).U32((uint)keys.Count);
            foreach (Digest key in keys)
            {
                writer.Digest(key);
            }
        }
    }

    /// <summary>Whether the key was used with this ephemeral key, or so often that it takes no more.</summary>
    public bool Refuses(uint id, ReadOnlySpan<byte> ephemeralKey) =>
        _uses.TryGetValue(id, out SortedSet<Digest>? keys)
        && (keys.Count >= SessionLimits.LastResortUsesMax || keys.Contains(new Digest(ephemeralKey)));

    /// <summary>Remembers a use, unless the key takes no more anyway.</summary>
    public void Remember(uint id, ReadOnlySpan<byte> ephemeralKey)
    {
        if (!_uses.TryGetValue(id, out SortedSet<Digest>? keys))
        {
            keys = [];
            _uses.Add(id, keys);
        }

        if (keys.Count < SessionLimits.LastResortUsesMax)
        {
            keys.Add(new Digest(ephemeralKey));
        }
    }

    /// <summary>Forgets the uses of keys that are not on the shelf any more.</summary>
    public void KeepOnly(PrekeyShelf lastResort)
    {
        uint[] over = [.. _uses.Keys.Where(id => !lastResort.Contains(id))];
        foreach (uint id in over)
        {
            _uses.Remove(id);
        }
    }

    private static SortedSet<Digest> ReadKeys(ref WireReader reader)
    {
        var keys = new SortedSet<Digest>();
        uint count = reader.U32();
        Digest? last = null;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            Digest key = reader.Digest();
            if (count > SessionLimits.LastResortUsesMax || (last is { } before && before >= key))
            {
                reader.Fail();
            }

            keys.Add(key);
            last = key;
        }

        if (count == 0)
        {
            reader.Fail();
        }

        return keys;
    }
}
