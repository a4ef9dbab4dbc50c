using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// What is public of a vault: its shape and the slots that hold its key. It proves itself: the vault's id is a hash of
/// the owner's key, and that key signs the header. Byte table: docs/formats/vault-header.md.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class VaultHeader
{
    /// <summary>The most slots: 20. A header must fit into an entry of the log.</summary>
    public const int SlotsMax = 20;

    /// <summary>The largest encoding: 65,000 bytes.</summary>
    public const int EncodedSizeMax = 65_000;

    internal const byte FormatVersion = 1;
    internal const int NonceSize = Aes256Gcm.NonceSize;
    internal const int TagSize = 32;

    private readonly byte[] _encoded;
    private readonly byte[] _previousKeys;
    private readonly int _taggedSize;

    internal VaultHeader(HeaderParts parts, byte[] previousKeys, byte[] encoded, int taggedSize)
    {
        Parts = parts;
        Vault = IdOf(parts.Owner, parts.Salt);
        _previousKeys = previousKeys;
        _encoded = encoded;
        _taggedSize = taggedSize;
    }

    /// <summary>The vault.</summary>
    public Digest Vault { get; }

    /// <summary>Who made it and may change its header.</summary>
    public NodeId Owner => Parts.Owner;

    /// <summary>Counts the headers of the vault, from 1.</summary>
    public ulong Generation => Parts.Generation;

    /// <summary>Counts the keys of the vault, from 1.</summary>
    public int Epoch => Parts.Epoch;

    /// <summary>How stripes are cut.</summary>
    public VaultShape Shape => Parts.Shape;

    /// <summary>The slots, ascending by their number.</summary>
    public IReadOnlyList<KeySlot> Slots => Parts.Slots;

    /// <summary>The header as it is stored.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    internal HeaderParts Parts { get; }

    internal static ReadOnlySpan<byte> Magic => "SigmaVlt"u8;

    internal static ReadOnlySpan<byte> SignatureContext => "SigmaComms vault header v1"u8;

    internal static ReadOnlySpan<byte> PreviousKeysLabel => "sigma vault 1 previous keys"u8;

    private static ReadOnlySpan<byte> IdLabel => "SigmaComms vault id v1"u8;

    /// <summary>The id of a vault, as the control log makes it.</summary>
    /// <param name="owner">Who creates it.</param>
    /// <param name="salt">32 random bytes.</param>
    public static Digest IdOf(NodeId owner, Digest salt) =>
        Digest.Sha256(new WireWriter(96).Opaque8(IdLabel).Digest(owner.Value).Digest(salt).Written);

    /// <summary>Reads a header and checks that the owner of the vault signed it.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="vault">The vault it has to be of.</param>
    /// <param name="header">The header, or null unless it is good.</param>
    public static HeaderStatus TryDecode(
        ReadOnlySpan<byte> encoded, Digest vault, out VaultHeader? header)
    {
        header = null;
        if (!HeaderCodec.TryRead(encoded, out HeaderCodec.Read? read))
        {
            return HeaderStatus.Malformed;
        }

        VaultHeader made = new(read.Parts, read.PreviousKeys, encoded.ToArray(), read.TaggedSize);
        if (made.Vault != vault)
        {
            return HeaderStatus.OtherVault;
        }

        ReadOnlySpan<byte> signed = encoded[..^MlDsa65.SignatureSize];
        if (!MlDsa65.Verify(read.Parts.OwnerKey, signed, SignatureContext, encoded[^MlDsa65.SignatureSize..]))
        {
            return HeaderStatus.NotSigned;
        }

        header = made;
        return HeaderStatus.Good;
    }

    /// <summary>Opens the vault with a secret. Argon2id runs once for each slot of its kind.</summary>
    /// <param name="secret">What the caller brings.</param>
    /// <param name="keys">The keys, or null; the caller disposes them.</param>
    public UnlockResult TryUnlock(SlotSecret secret, out VaultKeyring? keys)
    {
        ArgumentNullException.ThrowIfNull(secret);
        keys = null;
        UnlockResult result = UnlockResult.NoSlot;
        Span<byte> vaultKey = stackalloc byte[VaultKey.SizeBytes];
        try
        {
            foreach (KeySlot slot in Slots)
            {
                if (slot.Kind != secret.Kind || slot.Member != secret.Member)
                {
                    continue;
                }

                UnlockResult tried = SlotSealer.TryOpen(Vault, Epoch, slot, secret, vaultKey);
                if (tried == UnlockResult.Opened)
                {
                    keys = TakeKeys(vaultKey);
                    return keys is null ? UnlockResult.Damaged : UnlockResult.Opened;
                }

                result = result == UnlockResult.Damaged ? result : tried;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(vaultKey);
        }

        return result;
    }

    /// <summary>Whether keys are those of this header: its tag is theirs.</summary>
    /// <param name="keys">The keys.</param>
    public bool IsOf(VaultKeyring keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.Vault == Vault && keys.Epoch == Epoch && IsTaggedBy(keys.Current);
    }

    private VaultKeyring? TakeKeys(ReadOnlySpan<byte> vaultKey)
    {
        VaultKey current = new(vaultKey);
        if (!IsTaggedBy(current) || !TryOpenPreviousKeys(current, out List<VaultKey>? keys))
        {
            current.Dispose();
            return null;
        }

        keys.Add(current);
        return new VaultKeyring(Vault, keys);
    }

    private bool IsTaggedBy(VaultKey key)
    {
        Span<byte> tag = stackalloc byte[TagSize];
        HeaderCodec.WriteTag(Vault, key, _encoded.AsSpan(0, _taggedSize), tag);
        return CryptographicOperations.FixedTimeEquals(tag, _encoded.AsSpan(_taggedSize, TagSize));
    }

    private bool TryOpenPreviousKeys(VaultKey current, [NotNullWhen(true)] out List<VaultKey>? keys)
    {
        keys = [];
        if (Epoch == 1)
        {
            return true;
        }

        using SecretBytes sealing = current.Derive(Vault, VaultPurpose.Header);
        using SecretBytes opened = new((Epoch - 1) * VaultKey.SizeBytes);
        byte[] associated = HeaderCodec.PreviousKeysData(Vault, Epoch);
        if (!Aes256Gcm.TryOpen(
            sealing.Span, _previousKeys.AsSpan(0, NonceSize), _previousKeys.AsSpan(NonceSize), associated, opened.Span))
        {
            keys = null;
            return false;
        }

        for (int i = 0; i < Epoch - 1; i++)
        {
            keys.Add(new VaultKey(opened.Span.Slice(i * VaultKey.SizeBytes, VaultKey.SizeBytes)));
        }

        return true;
    }
}
