using System.Security.Cryptography;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control.Keys;

/// <summary>
/// The voting keys of a node: the present one, and perhaps the next. Random, so that one that was erased cannot be made
/// again; sealed on disk under a key that comes from the node's own. Byte table: docs/formats/control-voting-keys.md.
/// </summary>
/// <remarks>Not safe for more threads than one.</remarks>
internal sealed class VotingKeyRing : IDisposable
{
    /// <summary>The file.</summary>
    public const string FileName = "voting-keys";

    private const string NewName = "voting-keys.new";
    private const int KeysMax = 8;
    private const int SealedSizeMax = 4_096;
    private const byte FormatVersion = 1;

    private readonly IDisk _disk;
    private readonly Digest _cluster;
    private readonly NodeId _node;
    private readonly byte[] _sealKey;
    private readonly IRandomSource _random;
    private readonly List<(VotingKeyEntry Entry, MlDsa65SigningKey Key)> _keys = [];

    private VotingKeyRing(IDisk disk, Digest cluster, MlDsa65SigningKey node, IRandomSource random)
    {
        (_disk, _cluster, _node, _random) = (disk, cluster, node.Id, random);
        _sealKey = new byte[Aes256Gcm.KeySize];
        byte[] seed = node.ExportSeed();
        HkdfSha256.DeriveKey(seed, default, "SigmaComms/1 voting keys"u8, _sealKey);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>The keys, the newest last.</summary>
    public IReadOnlyList<VotingKeyEntry> Entries => [.. _keys.Select(key => key.Entry)];

    /// <summary>Whether the node ever kept a log: a missing one was lost then.</summary>
    public bool IsUsed => _keys.Any(key => key.Entry.IsUsed);

    /// <summary>Opens the file; a missing or unreadable one makes an empty ring.</summary>
    /// <param name="disk">The folder.</param>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="node">The node's key.</param>
    /// <param name="random">For new keys.</param>
    public static VotingKeyRing Open(IDisk disk, Digest cluster, MlDsa65SigningKey node, IRandomSource random)
    {
        VotingKeyRing ring = new(disk, cluster, node, random);
        if (disk.ListNames().Contains(FileName))
        {
            using IDiskFile file = disk.Open(FileName);
            byte[] bytes = new byte[(int)Math.Min(file.Length, SealedSizeMax)];
            int count = file.Read(0, bytes);
            ring.Unseal(bytes.AsSpan(0, count));
        }

        return ring;
    }

    /// <summary>Makes a key for an incarnation and keeps it durably.</summary>
    /// <param name="incarnation">At least 1.</param>
    /// <param name="isUsed">Whether the node keeps a log already.</param>
    /// <param name="needed">The hashes of keys that must stay; of the others the oldest goes if there are many.</param>
    /// <returns>What the node says of it to the others.</returns>
    public VotingKeyClaim Create(uint incarnation, bool isUsed, params IReadOnlyList<Digest> needed)
    {
        Invariant.Holds(incarnation > 0 && needed.Count < KeysMax);
        if (_keys.Count == KeysMax)
        {
            int oldest = _keys.FindIndex(key => !needed.Contains(key.Entry.KeyDigest));
            _keys[oldest].Key.Dispose();
            _keys.RemoveAt(oldest);
        }

        var key = MlDsa65SigningKey.Generate(_random);
        _keys.Add((new VotingKeyEntry(incarnation, key.Id.Value, isUsed), key));
        Save();
        return ClaimOf(key, incarnation);
    }

    /// <summary>What the node says of its newest key; null if it has none.</summary>
    public VotingKeyClaim? NewestClaim() =>
        _keys.Count == 0 ? null : ClaimOf(_keys[^1].Key, _keys[^1].Entry.Incarnation);

    /// <summary>The secret key that belongs to a public one; null if it is not here.</summary>
    /// <param name="publicKey">The public key.</param>
    public MlDsa65SigningKey? Find(ReadOnlySpan<byte> publicKey)
    {
        foreach ((_, MlDsa65SigningKey key) in _keys)
        {
            if (key.PublicKey.Span.SequenceEqual(publicKey))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The incarnation for which a public key was made; 0 if it is not here.</summary>
    /// <param name="publicKey">The public key.</param>
    public uint IncarnationOf(ReadOnlySpan<byte> publicKey)
    {
        foreach ((VotingKeyEntry entry, MlDsa65SigningKey key) in _keys)
        {
            if (key.PublicKey.Span.SequenceEqual(publicKey))
            {
                return entry.Incarnation;
            }
        }

        return 0;
    }

    /// <summary>Remembers durably that the node keeps a log from now on.</summary>
    public void MarkUsed()
    {
        if (_keys.All(key => key.Entry.IsUsed))
        {
            return;
        }

        for (int i = 0; i < _keys.Count; i++)
        {
            _keys[i] = (_keys[i].Entry with { IsUsed = true }, _keys[i].Key);
        }

        Save();
    }

    /// <summary>Erases all keys.</summary>
    /// <returns>How many were erased.</returns>
    public int EraseAll() => EraseFirst(_keys.Count);

    /// <summary>Erases the keys before the one that is in force.</summary>
    /// <param name="inForce">The public key that is in force.</param>
    /// <returns>How many were erased.</returns>
    public int EraseBefore(ReadOnlySpan<byte> inForce)
    {
        int at = 0;
        while (at < _keys.Count && !_keys[at].Key.PublicKey.Span.SequenceEqual(inForce))
        {
            at++;
        }

        return at == _keys.Count ? 0 : EraseFirst(at);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, MlDsa65SigningKey key) in _keys)
        {
            key.Dispose();
        }

        _keys.Clear();
        CryptographicOperations.ZeroMemory(_sealKey);
    }

    private int EraseFirst(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        foreach ((_, MlDsa65SigningKey key) in _keys.Take(count))
        {
            key.Dispose();
        }

        _keys.RemoveRange(0, count);
        Save();
        return count;
    }

    private VotingKeyClaim ClaimOf(MlDsa65SigningKey key, uint incarnation) => VotingKeyClaim.Assemble(
        incarnation,
        key.PublicKey,
        key.Sign(
            VotingKeyClaim.EncodeSigned(_node, incarnation), VotingKeyClaim.SignatureContext(_cluster), _random));

    private void Save()
    {
        WireWriter writer = new();
        writer.U8(FormatVersion).U8((byte)_keys.Count);
        foreach ((VotingKeyEntry entry, MlDsa65SigningKey key) in _keys)
        {
            byte[] seed = key.ExportSeed();
            writer.U32(entry.Incarnation).Flag(entry.IsUsed).Fixed(seed);
            CryptographicOperations.ZeroMemory(seed);
        }

        byte[] plain = writer.ToArray();
        writer.Clear();
        byte[] stored = new byte[Aes256Gcm.NonceSize + plain.Length + Aes256Gcm.TagSize];
        _random.Fill(stored.AsSpan(0, Aes256Gcm.NonceSize));
        using (AesGcmCipher cipher = new(_sealKey))
        {
            cipher.Seal(
                stored.AsSpan(0, Aes256Gcm.NonceSize), plain, _cluster.ToArray(),
                stored.AsSpan(Aes256Gcm.NonceSize));
        }

        CryptographicOperations.ZeroMemory(plain);
        Overwrite(stored);
    }

    private void Overwrite(byte[] stored)
    {
        using (IDiskFile file = _disk.Create(NewName, 0))
        {
            file.Write(0, stored);
            file.Sync();
        }

        _disk.Rename(NewName, FileName);
        _disk.SyncNames();
    }

    private void Unseal(ReadOnlySpan<byte> stored)
    {
        if (stored.Length <= Aes256Gcm.NonceSize + Aes256Gcm.TagSize)
        {
            return;
        }

        byte[] plain = new byte[stored.Length - Aes256Gcm.NonceSize - Aes256Gcm.TagSize];
        using AesGcmCipher cipher = new(_sealKey);
        if (cipher.TryOpen(
            stored[..Aes256Gcm.NonceSize], stored[Aes256Gcm.NonceSize..], _cluster.ToArray(), plain))
        {
            Read(plain);
        }

        CryptographicOperations.ZeroMemory(plain);
    }

    private void Read(ReadOnlySpan<byte> plain)
    {
        var reader = new WireReader(plain);
        bool isKnown = reader.U8() == FormatVersion;
        int count = reader.U8();
        for (int i = 0; i < count && isKnown && count <= KeysMax; i++)
        {
            uint incarnation = reader.U32();
            bool isUsed = reader.Flag();
            ReadOnlySpan<byte> seed = reader.Fixed(MlDsa65.SeedSize);
            if (reader.Failed || incarnation == 0)
            {
                return;
            }

            MlDsa65SigningKey key = new(seed);
            _keys.Add((new VotingKeyEntry(incarnation, key.Id.Value, isUsed), key));
        }
    }
}
