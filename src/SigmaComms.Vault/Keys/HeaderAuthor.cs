using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Vault.Keys;

/// <summary>The owner of a vault, who makes its headers and signs them. A changed header is a new one.</summary>
/// <param name="owner">The owner's key; stays the caller's.</param>
/// <param name="random">Where keys and salts come from.</param>
public sealed class HeaderAuthor(MlDsa65SigningKey owner, IRandomSource random)
{
    /// <summary>The most slots a vault ever has had.</summary>
    private const int SlotNumbersMax = 254;

    /// <summary>Makes the first header of a vault and its key.</summary>
    /// <param name="salt">32 random bytes; with the owner they make the vault's id.</param>
    /// <param name="shape">How stripes are cut.</param>
    /// <param name="secret">Opens the first slot.</param>
    /// <param name="cost">Of a passphrase.</param>
    /// <returns>Header and keys; the caller disposes the keys.</returns>
    /// <exception cref="ArgumentException">The shape is not valid, or the cost is not allowed.</exception>
    public (VaultHeader Header, VaultKeyring Keys) Create(
        Digest salt, VaultShape shape, SlotSecret secret, Argon2Cost cost)
    {
        ArgumentNullException.ThrowIfNull(secret);
        RequireAllowed(secret, cost);
        if (!shape.IsValid)
        {
            throw new ArgumentException("The shape is not valid.", nameof(shape));
        }

        byte[] ownerKey = owner.PublicKey.ToArray();
        Digest vault = VaultHeader.IdOf(NodeId.Of(ownerKey), salt);
        VaultKeyring keys = new(vault, [VaultKey.Generate(random)]);
        KeySlot slot = SlotSealer.Create(vault, id: 1, secret, cost, keys, random);
        HeaderParts parts = new(salt, ownerKey, Generation: 1, Epoch: 1, shape, [slot]) { NextSlot = 2 };
        return (Sign(parts, keys), keys);
    }

    /// <summary>Adds a slot that a secret opens.</summary>
    /// <param name="header">The newest header.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="cost">Of a passphrase.</param>
    /// <exception cref="ArgumentException">
    /// The header is another owner's or not of these keys, or the cost is not allowed.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no room for a slot.</exception>
    public VaultHeader AddSlot(VaultHeader header, VaultKeyring keys, SlotSecret secret, Argon2Cost cost)
    {
        ArgumentNullException.ThrowIfNull(secret);
        RequireAllowed(secret, cost);
        HeaderParts parts = NextOf(header, keys);
        return Add(parts, keys, SlotSealer.Create(header.Vault, parts.NextSlot, secret, cost, keys, random));
    }

    /// <summary>Shares the vault with a member: adds a slot that the member's device opens.</summary>
    /// <param name="header">The newest header.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="member">The member's device.</param>
    /// <param name="publicKey">The device's X-Wing key, 1,216 bytes, verified to be the member's.</param>
    /// <returns>The new header, or null if the key is none.</returns>
    /// <exception cref="ArgumentException">The header is another owner's, or not of these keys.</exception>
    /// <exception cref="InvalidOperationException">There is no room for a slot.</exception>
    public VaultHeader? AddMember(
        VaultHeader header, VaultKeyring keys, NodeId member, ReadOnlySpan<byte> publicKey)
    {
        HeaderParts parts = NextOf(header, keys);
        KeySlot? slot = SlotSealer.CreateForMember(header.Vault, parts.NextSlot, member, publicKey, keys, random);
        return slot is null ? null : Add(parts, keys, slot);
    }

    /// <summary>
    /// Drops slots and makes a new vault key, which only the remaining slots hold. Whoever was turned out keeps what
    /// they have read and the former keys; what is written from now on is closed to them.
    /// </summary>
    /// <param name="header">The newest header.</param>
    /// <param name="keys">Its keys; they stay the caller's.</param>
    /// <param name="dropped">Numbers of slots to drop; may be empty.</param>
    /// <returns>Header and keys; the caller disposes the keys.</returns>
    /// <exception cref="ArgumentException">The header is another owner's, or not of these keys.</exception>
    /// <exception cref="InvalidOperationException">No slot would be left, or the vault has had 128 keys.</exception>
    public (VaultHeader Header, VaultKeyring Keys) Rotate(
        VaultHeader header, VaultKeyring keys, IReadOnlyCollection<byte> dropped)
    {
        HeaderParts parts = NextOf(header, keys);
        if (keys.Epoch == VaultKeyring.EpochsMax)
        {
            throw new InvalidOperationException("The vault has had as many keys as it may.");
        }

        VaultKeyring next = new(header.Vault, [.. keys.Keys.Select(key => key.Clone()), VaultKey.Generate(random)]);
        List<KeySlot> slots = [];
        foreach (KeySlot slot in parts.Slots.Where(slot => !dropped.Contains(slot.Id)))
        {
            KeySlot? resealed = SlotSealer.Reseal(header.Vault, slot, next, random);
            Invariant.Holds(resealed is not null);
            slots.Add(resealed);
        }

        if (slots.Count == 0)
        {
            next.Dispose();
            throw new InvalidOperationException("A vault without a slot could never be opened again.");
        }

        return (Sign(parts with { Epoch = next.Epoch, Slots = slots }, next), next);
    }

    private static void RequireAllowed(SlotSecret secret, Argon2Cost cost)
    {
        if (secret.Kind is SlotKind.Passphrase or SlotKind.Hybrid && !KeySlot.IsAllowed(cost))
        {
            throw new ArgumentException("The cost is not allowed.", nameof(cost));
        }
    }

    private HeaderParts NextOf(VaultHeader header, VaultKeyring keys)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(keys);
        if (header.Owner != NodeId.Of(owner.PublicKey.Span) || !header.IsOf(keys))
        {
            throw new ArgumentException("The header is another owner's, or not of these keys.", nameof(header));
        }

        return header.Parts with { Generation = header.Generation + 1 };
    }

    private VaultHeader Add(HeaderParts parts, VaultKeyring keys, KeySlot slot)
    {
        if (parts.Slots.Count == VaultHeader.SlotsMax || parts.NextSlot > SlotNumbersMax)
        {
            throw new InvalidOperationException("The header has no room for a slot.");
        }

        return Sign(parts with { Slots = [.. parts.Slots, slot], NextSlot = (byte)(parts.NextSlot + 1) }, keys);
    }

    private VaultHeader Sign(HeaderParts parts, VaultKeyring keys)
    {
        byte[] previousKeys = SealPreviousKeys(keys);
        WireWriter writer = new(8_192);
        HeaderCodec.Write(writer, parts, previousKeys);
        int taggedSize = writer.Length;
        byte[] tag = new byte[VaultHeader.TagSize];
        HeaderCodec.WriteTag(keys.Vault, keys.Current, writer.Written, tag);
        writer.Fixed(tag);
        writer.Fixed(owner.Sign(writer.Written, VaultHeader.SignatureContext, random));
        Invariant.Holds(writer.Length <= VaultHeader.EncodedSizeMax);
        return new VaultHeader(parts, previousKeys, writer.ToArray(), taggedSize);
    }

    private byte[] SealPreviousKeys(VaultKeyring keys)
    {
        if (keys.Epoch == 1)
        {
            return [];
        }

        using SecretBytes sealing = keys.Derive(keys.Epoch, VaultPurpose.Header);
        using SecretBytes former = new((keys.Epoch - 1) * VaultKey.SizeBytes);
        for (int i = 0; i < keys.Epoch - 1; i++)
        {
            keys.Keys[i].Bytes.CopyTo(former.Span[(i * VaultKey.SizeBytes)..]);
        }

        byte[] made = new byte[VaultHeader.NonceSize + former.Length + Aes256Gcm.TagSize];
        random.Fill(made.AsSpan(0, VaultHeader.NonceSize));
        Aes256Gcm.Seal(
            sealing.Span,
            made.AsSpan(0, VaultHeader.NonceSize),
            former.Span,
            HeaderCodec.PreviousKeysData(keys.Vault, keys.Epoch),
            made.AsSpan(VaultHeader.NonceSize));
        return made;
    }
}
