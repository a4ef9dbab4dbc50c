using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Tests.Keys;

public sealed class VaultHeaderTests : IDisposable
{
    private readonly SeededRandom _random = new(1);
    private readonly KeyFixture _fixture;

    public VaultHeaderTests() => _fixture = new KeyFixture(_random);

    private static ReadOnlySpan<byte> Passphrase => "correct horse"u8;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_header_comes_back_from_its_bytes_and_opens_with_its_passphrase()
    {
        VaultHeader header = Decode(_fixture.Header);
        using SlotSecret secret = SlotSecret.Passphrase(Passphrase);

        UnlockResult result = header.TryUnlock(secret, out VaultKeyring? keys);

        Assert.Equal(UnlockResult.Opened, result);
        Assert.True(keys!.Current.IsSame(_fixture.Keys.Current));
        Assert.True(header.IsOf(keys));
        Assert.Equal(_fixture.Header.Shape, header.Shape);
        Assert.Equal(_fixture.Owner, header.Owner);
        keys.Dispose();
    }

    [Fact]
    public void Every_kind_of_secret_opens_its_slot_and_no_other()
    {
        NodeId member = NodeId.Of(_random.Bytes(8));
        byte[] memberKey = _random.Bytes(32);
        byte[] memberPublic = new byte[XWing.EncapsulationKeySize];
        XWing.DeriveEncapsulationKey(memberKey, memberPublic);
        byte[] device = _random.Bytes(32);
        using SlotSecret deviceSecret = SlotSecret.Device(device);
        using SlotSecret hybrid = SlotSecret.Hybrid("both"u8, device);
        using SlotSecret recovery = SlotSecret.Recovery(device);
        using SlotSecret memberSecret = SlotSecret.OfMember(member, memberKey);
        VaultHeader header = Add(Add(Add(_fixture.Header, deviceSecret), hybrid), recovery);
        header = Decode(_fixture.Author.AddMember(header, _fixture.Keys, member, memberPublic)!);

        Assert.Equal(5, header.Slots.Count);
        Assert.Equal(5UL, header.Generation);
        Assert.All(
            (SlotSecret[])[deviceSecret, hybrid, recovery, memberSecret],
            secret => Assert.Equal(UnlockResult.Opened, Unlock(header, secret)));
        Assert.Equal(UnlockResult.WrongSecret, Unlock(header, SlotSecret.Hybrid("both"u8, _random.Bytes(32))));
        Assert.Equal(UnlockResult.WrongSecret, Unlock(header, SlotSecret.Hybrid("one"u8, device)));
        Assert.Equal(UnlockResult.WrongSecret, Unlock(header, SlotSecret.Passphrase("both"u8)));
        Assert.Equal(UnlockResult.WrongSecret, Unlock(header, SlotSecret.Device(_random.Bytes(32))));
        Assert.Equal(UnlockResult.WrongSecret, Unlock(header, SlotSecret.Recovery(_random.Bytes(32))));
        Assert.Equal(UnlockResult.WrongSecret, Unlock(header, SlotSecret.OfMember(member, _random.Bytes(32))));
        Assert.Equal(
            UnlockResult.NoSlot, Unlock(header, SlotSecret.OfMember(NodeId.Of(_random.Bytes(8)), memberKey)));
        Assert.Equal(UnlockResult.NoSlot, Unlock(_fixture.Header, deviceSecret));
    }

    [Fact]
    public void A_member_who_is_turned_out_opens_no_later_key_and_the_others_open_all()
    {
        NodeId member = NodeId.Of(_random.Bytes(8));
        byte[] memberKey = _random.Bytes(32);
        byte[] memberPublic = new byte[XWing.EncapsulationKeySize];
        XWing.DeriveEncapsulationKey(memberKey, memberPublic);
        VaultHeader shared = _fixture.Author.AddMember(_fixture.Header, _fixture.Keys, member, memberPublic)!;

        (VaultHeader rotated, VaultKeyring next) = _fixture.Author.Rotate(shared, _fixture.Keys, [2]);
        (VaultHeader again, VaultKeyring third) = _fixture.Author.Rotate(rotated, next, []);

        Assert.Equal(UnlockResult.Opened, Unlock(shared, SlotSecret.OfMember(member, memberKey)));
        Assert.Equal(UnlockResult.NoSlot, Unlock(rotated, SlotSecret.OfMember(member, memberKey)));
        using SlotSecret secret = SlotSecret.Passphrase(Passphrase);
        Assert.Equal(UnlockResult.Opened, Decode(again).TryUnlock(secret, out VaultKeyring? keys));
        Assert.Equal(3, keys!.Epoch);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            using SecretBytes expected = third.Derive(epoch, VaultPurpose.Content);
            using SecretBytes got = keys.Derive(epoch, VaultPurpose.Content);
            Assert.True(expected.FixedTimeEquals(got.Span));
        }

        Assert.False(third.Current.IsSame(_fixture.Keys.Current));
        Assert.False(rotated.IsOf(_fixture.Keys));
        keys.Dispose();
        next.Dispose();
        third.Dispose();
    }

    [Fact]
    public void Whoever_is_not_the_owner_cannot_make_a_header_of_the_vault()
    {
        using MlDsa65SigningKey stranger = MlDsa65SigningKey.Generate(_random);
        HeaderAuthor author = new(stranger, _random);
        using SlotSecret secret = SlotSecret.Passphrase("mine"u8);
        (VaultHeader other, VaultKeyring otherKeys) =
            author.Create(new Digest(_random.Bytes(32)), VaultShape.DefaultFor(1), secret, KeyFixture.Cheap);

        Assert.Equal(
            HeaderStatus.OtherVault, VaultHeader.TryDecode(other.Encoded.Span, _fixture.Header.Vault, out _));
        Assert.Throws<ArgumentException>(
            () => author.AddSlot(_fixture.Header, _fixture.Keys, secret, KeyFixture.Cheap));
        Assert.Throws<ArgumentException>(
            () => _fixture.Author.AddSlot(_fixture.Header, otherKeys, secret, KeyFixture.Cheap));
        otherKeys.Dispose();
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_is_refused()
    {
        byte[] encoded = _fixture.Header.Encoded.ToArray();
        Digest vault = _fixture.Header.Vault;

        for (int size = 0; size < encoded.Length; size += size < 64 ? 1 : 37)
        {
            Assert.Equal(HeaderStatus.Malformed, VaultHeader.TryDecode(encoded.AsSpan(0, size), vault, out _));
        }

        // Every byte once, each with another bit; the signature makes every bit alike.
        for (int at = 0; at < encoded.Length; at += 7)
        {
            encoded[at] ^= (byte)(1 << (at & 7));
            Assert.NotEqual(HeaderStatus.Good, VaultHeader.TryDecode(encoded, vault, out VaultHeader? header));
            Assert.Null(header);
            encoded[at] ^= (byte)(1 << (at & 7));
        }

        Assert.Equal(HeaderStatus.Malformed, VaultHeader.TryDecode([.. encoded, 0], vault, out _));
        Assert.Equal(HeaderStatus.Good, VaultHeader.TryDecode(encoded, vault, out _));
    }

    [Fact]
    public void A_header_that_the_owner_signed_without_the_key_is_damaged_not_garbage()
    {
        // An owner's device that was made to sign another key into the slots: the commitment or the tag tells.
        using VaultKeyring other = new(_fixture.Header.Vault, [VaultKey.Generate(_random)]);
        KeySlot resealed = SlotSealer.Reseal(_fixture.Header.Vault, _fixture.Header.Slots[0], other, _random)!;
        VaultHeader mixed = Rebuild(_fixture.Header, resealed);

        Assert.Equal(UnlockResult.Damaged, Unlock(mixed, SlotSecret.Passphrase(Passphrase)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_slot_with_a_changed_part_is_damaged_for_the_right_secret(int part)
    {
        KeySlot slot = _fixture.Header.Slots[0];
        byte[][] parts = [slot.Encapsulated.ToArray(), slot.Wrapped.ToArray(), slot.Commitment.ToArray()];
        parts[part][part] ^= 1;
        KeySlot changed = new(slot.Id, slot.Kind, new KeySlot.SlotParts(
            slot.Salt.ToArray(), slot.Cost, slot.Member, slot.PublicKey.ToArray(),
            parts[0], parts[1], new Digest(parts[2])));

        UnlockResult result = Unlock(Rebuild(_fixture.Header, changed), SlotSecret.Passphrase(Passphrase));

        Assert.Equal(UnlockResult.Damaged, result);
    }

    [Fact]
    public void There_is_room_for_20_slots_and_the_last_cannot_be_dropped()
    {
        VaultHeader header = _fixture.Header;
        for (int i = 1; i < VaultHeader.SlotsMax; i++)
        {
            using SlotSecret device = SlotSecret.Device(_random.Bytes(32));
            header = Add(header, device);
        }

        using SlotSecret last = SlotSecret.Device(_random.Bytes(32));
        Assert.Throws<InvalidOperationException>(() => Add(header, last));
        Assert.True(header.Encoded.Length <= VaultHeader.EncodedSizeMax);
        Assert.Throws<InvalidOperationException>(
            () => _fixture.Author.Rotate(header, _fixture.Keys, [.. header.Slots.Select(slot => slot.Id)]));
    }

    [Fact]
    public void A_cost_that_would_stop_a_machine_is_refused()
    {
        Assert.False(KeySlot.IsAllowed(new(1_025, 1)));
        Assert.False(KeySlot.IsAllowed(new(1_024, 5)));
        Assert.False(KeySlot.IsAllowed(new(64, 0)));
        Assert.True(KeySlot.IsAllowed(new(1_024, 4)));
        using SlotSecret secret = SlotSecret.Passphrase(Passphrase);
        Assert.Throws<ArgumentException>(
            () => _fixture.Author.AddSlot(_fixture.Header, _fixture.Keys, secret, new(1_024, 5)));
    }

    [Fact]
    public void No_key_that_is_none_becomes_a_member()
    {
        // A coefficient of 4,095 is no residue modulo 3,329.
        byte[] notReduced = [.. Enumerable.Repeat((byte)0xFF, XWing.EncapsulationKeySize)];

        Assert.Null(_fixture.Author.AddMember(_fixture.Header, _fixture.Keys, default, notReduced));
        Assert.Null(_fixture.Author.AddMember(_fixture.Header, _fixture.Keys, default, new byte[7]));
    }

    private static VaultHeader Decode(VaultHeader header)
    {
        Assert.Equal(
            HeaderStatus.Good, VaultHeader.TryDecode(header.Encoded.Span, header.Vault, out VaultHeader? decoded));
        Assert.Equal(header.Encoded.ToArray(), decoded!.Encoded.ToArray());
        return decoded;
    }

    private static UnlockResult Unlock(VaultHeader header, SlotSecret secret)
    {
        UnlockResult result = header.TryUnlock(secret, out VaultKeyring? keys);
        Assert.Equal(result == UnlockResult.Opened, keys is not null);
        keys?.Dispose();
        return result;
    }

    private static VaultHeader Rebuild(VaultHeader header, KeySlot slot)
    {
        // The signature is checked when bytes are read; here the right owner would have signed them.
        SigmaComms.Cryptography.Encoding.WireWriter writer = new();
        HeaderParts parts = header.Parts with { Slots = [slot] };
        HeaderCodec.Write(writer, parts, []);
        int tagged = writer.Length;
        byte[] encoded = header.Encoded.ToArray();
        writer.Written.CopyTo(encoded);
        return new VaultHeader(parts, [], encoded, tagged);
    }

    private VaultHeader Add(VaultHeader header, SlotSecret secret) =>
        _fixture.Author.AddSlot(header, _fixture.Keys, secret, KeyFixture.Cheap);
}
