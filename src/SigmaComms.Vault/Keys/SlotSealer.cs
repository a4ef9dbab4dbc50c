using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Hpke;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// Puts a vault key into slots and takes it out again: HPKE in base mode with X-Wing, HKDF-SHA-512 and AES-256-GCM,
/// and a commitment to its exported secret.
/// </summary>
internal static class SlotSealer
{
    private static readonly HpkeSuite Suite = new(HpkeKem.XWing, HpkeKdf.Sha512, HpkeAead.Aes256Gcm);

    private static ReadOnlySpan<byte> Label => "sigma vault 1 slot key"u8;

    private static ReadOnlySpan<byte> CommitmentLabel => "sigma vault 1 slot commitment"u8;

    /// <summary>Makes a slot that a secret opens.</summary>
    public static KeySlot Create(
        Digest vault, byte id, SlotSecret secret, Argon2Cost cost, VaultKeyring keys, IRandomSource random)
    {
        byte[] salt = new byte[KeySlot.SaltSize];
        random.Fill(salt);
        Span<byte> privateKey = stackalloc byte[XWing.SeedSize];
        byte[] publicKey = new byte[XWing.EncapsulationKeySize];
        try
        {
            secret.DerivePrivateKey(vault, salt, cost, privateKey);
            XWing.DeriveEncapsulationKey(privateKey, publicKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }

        bool passphrase = secret.Kind is SlotKind.Passphrase or SlotKind.Hybrid;
        Unsealed slot = new(id, secret.Kind, salt, passphrase ? cost : default, secret.Member, publicKey);
        KeySlot? made = Seal(vault, slot, keys, random);
        Invariant.Holds(made is not null);
        return made;
    }

    /// <summary>Makes a slot for somebody whose public key is known; null if it is none.</summary>
    public static KeySlot? CreateForMember(
        Digest vault,
        byte id,
        NodeId member,
        ReadOnlySpan<byte> publicKey,
        VaultKeyring keys,
        IRandomSource random)
    {
        byte[] salt = new byte[KeySlot.SaltSize];
        random.Fill(salt);
        return Seal(vault, new Unsealed(id, SlotKind.Member, salt, default, member, publicKey.ToArray()), keys, random);
    }

    /// <summary>Puts the newest vault key into a slot that is there already.</summary>
    public static KeySlot? Reseal(Digest vault, KeySlot slot, VaultKeyring keys, IRandomSource random)
    {
        Unsealed same = new(
            slot.Id, slot.Kind, slot.Salt.ToArray(), slot.Cost, slot.Member, slot.PublicKey.ToArray());
        return Seal(vault, same, keys, random);
    }

    /// <summary>Takes the vault key out of a slot.</summary>
    public static UnlockResult TryOpen(Digest vault, int epoch, KeySlot slot, SlotSecret secret, Span<byte> vaultKey)
    {
        vaultKey.Clear();
        Span<byte> privateKey = stackalloc byte[XWing.SeedSize];
        Span<byte> publicKey = stackalloc byte[XWing.EncapsulationKeySize];
        Span<byte> commitment = stackalloc byte[Digest.SizeBytes];
        try
        {
            secret.DerivePrivateKey(vault, slot.Salt, slot.Cost, privateKey);
            XWing.DeriveEncapsulationKey(privateKey, publicKey);
            if (!publicKey.SequenceEqual(slot.PublicKey))
            {
                return UnlockResult.WrongSecret;
            }

            byte[] info = InfoOf(vault, epoch, slot);
            if (!Suite.TrySetupReceiver(slot.Encapsulated, privateKey, info, out HpkeReceiver? receiver))
            {
                return UnlockResult.Damaged;
            }

            using (receiver)
            {
                receiver.Export(CommitmentLabel, commitment);
                bool opened = CryptographicOperations.FixedTimeEquals(commitment, slot.Commitment.ToArray())
                    && receiver.TryOpen(slot.Wrapped, default, vaultKey);
                return opened ? UnlockResult.Opened : UnlockResult.Damaged;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    private static KeySlot? Seal(Digest vault, Unsealed slot, VaultKeyring keys, IRandomSource random)
    {
        byte[] encapsulated = new byte[XWing.CiphertextSize];
        byte[] wrapped = new byte[KeySlot.WrappedSize];
        KeySlot empty = slot.With([], [], default);
        byte[] info = InfoOf(vault, keys.Epoch, empty);
        if (!Suite.TrySetupSender(slot.PublicKey, info, random, encapsulated, out HpkeSender? sender))
        {
            return null;
        }

        using (sender)
        {
            sender.Seal(keys.Current.Bytes, default, wrapped);
            Span<byte> commitment = stackalloc byte[Digest.SizeBytes];
            sender.Export(CommitmentLabel, commitment);
            return slot.With(encapsulated, wrapped, new Digest(commitment));
        }
    }

    private static byte[] InfoOf(Digest vault, int epoch, KeySlot slot)
    {
        WireWriter info = new(1_400);
        info.Fixed(Label).Digest(vault).U32((uint)epoch);
        slot.WriteIdentityTo(info);
        return info.ToArray();
    }

    private sealed record Unsealed(
        byte Id, SlotKind Kind, byte[] Salt, Argon2Cost Cost, NodeId Member, byte[] PublicKey)
    {
        public KeySlot With(byte[] encapsulated, byte[] wrapped, Digest commitment) => new(
            Id, Kind, new KeySlot.SlotParts(Salt, Cost, Member, PublicKey, encapsulated, wrapped, commitment));
    }
}
