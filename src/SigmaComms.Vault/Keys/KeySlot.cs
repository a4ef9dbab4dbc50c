using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// One way into a vault. Every slot has a public key whose private key follows from the slot's secret, and holds the
/// vault key encapsulated to it: so a new vault key can be put into every slot without asking anybody for a secret.
/// Byte table: docs/formats/vault-header.md.
/// </summary>
public sealed class KeySlot
{
    /// <summary>Size of a salt: 16 bytes.</summary>
    public const int SaltSize = Argon2id.SaltSize;

    /// <summary>Size of a wrapped vault key: 48 bytes.</summary>
    public const int WrappedSize = VaultKey.SizeBytes + 16;

    /// <summary>The most memory of a derivation: 1,024 MiB; a header that asks for more is refused.</summary>
    public const int MemoryMiBMax = 1_024;

    /// <summary>The most work of a passphrase's derivation, memory in MiB times passes: 4,096.</summary>
    public const int WorkMax = 4_096;

    private readonly byte[] _salt;
    private readonly byte[] _publicKey;
    private readonly byte[] _encapsulated;
    private readonly byte[] _wrapped;

    internal KeySlot(byte id, SlotKind kind, SlotParts parts)
    {
        Id = id;
        Kind = kind;
        Cost = parts.Cost;
        Member = parts.Member;
        _salt = parts.Salt;
        _publicKey = parts.PublicKey;
        _encapsulated = parts.Encapsulated;
        _wrapped = parts.Wrapped;
        Commitment = parts.Commitment;
    }

    /// <summary>Its number in the vault, from 1; never used again.</summary>
    public byte Id { get; }

    /// <summary>What opens it.</summary>
    public SlotKind Kind { get; }

    /// <summary>The cost of a guess, where a passphrase opens it; else default.</summary>
    public Argon2Cost Cost { get; }

    /// <summary>The member's device, of kind member; else default.</summary>
    public NodeId Member { get; }

    /// <summary>16 random bytes.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>The slot's X-Wing encapsulation key, 1,216 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The encapsulation to that key, 1,120 bytes.</summary>
    public ReadOnlySpan<byte> Encapsulated => _encapsulated;

    /// <summary>The vault key sealed with the encapsulated secret, 48 bytes.</summary>
    public ReadOnlySpan<byte> Wrapped => _wrapped;

    /// <summary>Binds the encapsulated secret, so that no ciphertext opens with two keys.</summary>
    public Digest Commitment { get; }

    /// <summary>Whether a cost may be asked for: a hostile header must not become an outage.</summary>
    /// <param name="cost">The cost.</param>
    public static bool IsAllowed(Argon2Cost cost) =>
        cost.IsValid && cost.MemoryMiB <= MemoryMiBMax && (long)cost.MemoryMiB * cost.Passes <= WorkMax;

    /// <summary>Writes what does not change with the vault key.</summary>
    internal void WriteIdentityTo(WireWriter writer)
    {
        writer.U8(Id).U8((byte)Kind).Fixed(_salt);
        if (Kind is SlotKind.Passphrase or SlotKind.Hybrid)
        {
            writer.U16((ushort)Cost.MemoryMiB).U16((ushort)Cost.Passes);
        }

        if (Kind == SlotKind.Member)
        {
            writer.Digest(Member.Value);
        }

        writer.Fixed(_publicKey);
    }

    /// <summary>Writes the slot.</summary>
    internal void WriteTo(WireWriter writer)
    {
        WriteIdentityTo(writer);
        writer.Fixed(_encapsulated).Fixed(_wrapped).Digest(Commitment);
    }

    /// <summary>Reads a slot; the reader fails if there is none.</summary>
    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out KeySlot? slot)
    {
        byte id = reader.U8();
        var kind = (SlotKind)reader.U8();
        byte[] salt = reader.Fixed(SaltSize).ToArray();
        Argon2Cost cost = default;
        NodeId member = default;
        if (kind is SlotKind.Passphrase or SlotKind.Hybrid)
        {
            cost = new Argon2Cost(reader.U16(), reader.U16());
        }
        else if (kind == SlotKind.Member)
        {
            member = new NodeId(reader.Digest());
        }

        bool known = kind is >= SlotKind.Passphrase and <= SlotKind.Recovery;
        bool payable = kind is not (SlotKind.Passphrase or SlotKind.Hybrid) || IsAllowed(cost);
        if (id == 0 || !known || !payable)
        {
            reader.Fail();
        }

        SlotParts parts = new(
            salt,
            cost,
            member,
            reader.Fixed(XWing.EncapsulationKeySize).ToArray(),
            reader.Fixed(XWing.CiphertextSize).ToArray(),
            reader.Fixed(WrappedSize).ToArray(),
            reader.Digest());
        slot = reader.Failed ? null : new KeySlot(id, kind, parts);
        return slot is not null;
    }

    /// <summary>What a slot is made of besides its number and kind.</summary>
    internal sealed record SlotParts(
        byte[] Salt,
        Argon2Cost Cost,
        NodeId Member,
        byte[] PublicKey,
        byte[] Encapsulated,
        byte[] Wrapped,
        Digest Commitment);
}
