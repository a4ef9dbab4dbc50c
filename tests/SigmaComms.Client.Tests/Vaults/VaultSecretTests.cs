using System.Text;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Sharing;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>What opens a vault and what does not; sharing it; a cluster that shows an older one.</summary>
public sealed class VaultSecretTests : IDisposable
{
    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_passphrase_opens_its_vault_and_no_other_does()
    {
        VaultIdentity ann = _world.NewIdentity("ann");
        using (VaultSecret right = Passphrase("right"))
        {
            await using OpenedVault vault = await _world.ClientOf(ann).CreateAsync("home", right, null, default);
            await PutAsync(vault, "/f", [1]);
        }

        using VaultSecret again = Passphrase("right");
        await using OpenedVault opened = await _world.ClientOf(ann).OpenAsync("home", again, default);

        Assert.Equal([1], await GetAsync(opened, "/f"));
        await AssertClosedAsync(ann, VaultFailure.WrongSecret, Passphrase("wrong"));
        await AssertClosedAsync(ann, VaultFailure.NoSlot, VaultSecret.OfDevice());
        await AssertClosedAsync(ann, VaultFailure.NoSlot, VaultSecret.OfMember());
    }

    [Fact]
    public async Task A_hybrid_vault_needs_the_passphrase_and_this_machine()
    {
        VaultIdentity ann = _world.NewIdentity("ann");
        using (VaultSecret both = VaultSecret.OfHybrid("both"u8))
        {
            await using OpenedVault made = await _world.ClientOf(ann).CreateAsync("home", both, null, default);
        }

        using VaultSecret again = VaultSecret.OfHybrid("both"u8);
        await using OpenedVault opened = await _world.ClientOf(ann).OpenAsync("home", again, default);

        await AssertClosedAsync(ann, VaultFailure.NoSlot, Passphrase("both"));
        await AssertClosedAsync(ann, VaultFailure.WrongSecret, VaultSecret.OfHybrid("other"u8));
        File.Delete(Path.Combine(ann.Folder.Vaults, "home", "device.key"));
        await AssertClosedAsync(ann, VaultFailure.NoSlot, VaultSecret.OfHybrid("both"u8));
    }

    [Fact]
    public async Task Slots_are_added_listed_and_removed_and_a_recovery_code_opens_on_another_machine()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        VaultIdentity ann = _world.Identities[0];
        await PutAsync(vault, "/f", [1]);
        using VaultSecret word = Passphrase("word");

        await vault.Slots.AddAsync(word, default);
        char[] code = await vault.Slots.AddRecoveryAsync(default);
        Directory.Delete(Path.Combine(ann.Folder.Vaults, "home"), recursive: true);
        _world.ClientOf(ann).Adopt("home", vault.Vault);
        using VaultSecret recovery = VaultSecret.OfRecovery(code);
        await using OpenedVault recovered = await _world.ClientOf(ann).OpenAsync("home", recovery, default);

        Assert.Equal([1], await GetAsync(recovered, "/f"));
        Assert.Equal(
            [SlotKind.Device, SlotKind.Passphrase, SlotKind.Recovery],
            (await recovered.Slots.ListAsync(default)).Select(slot => slot.Kind));
        await recovered.Slots.RemoveAsync([2], default);
        await AssertClosedAsync(ann, VaultFailure.NoSlot, Passphrase("word"));
        code[0] = code[0] == 'A' ? 'B' : 'A';
        Assert.Equal(
            VaultFailure.WrongSecret, Assert.Throws<VaultException>(() => VaultSecret.OfRecovery(code)).Reason);
    }

    [Fact]
    public async Task The_last_slot_stays_and_a_slot_that_is_not_there_is_told()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();

        VaultException last = await Assert.ThrowsAsync<VaultException>(() => vault.Slots.RemoveAsync([1], default));
        VaultException none = await Assert.ThrowsAsync<VaultException>(() => vault.Slots.RemoveAsync([9], default));

        Assert.Equal((VaultFailure.Limit, VaultFailure.UnknownSlot), (last.Reason, none.Reason));
    }

    [Fact]
    public async Task A_vault_is_shared_with_a_compared_peer_who_writes_until_turned_out()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/from-ann", [1]);
        VaultIdentity ben = _world.NewIdentity("ben");
        AccountRecord account = RecordOf(ben);
        VaultPeer peer = new(account, IsCompared: true);
        VaultException early = await Assert.ThrowsAsync<VaultException>(
            () => vault.Slots.ShareAsync(peer, isForced: false, default));
        await _world.ClientOf(ben).PublishCardAsync(default);
        VaultException stranger = await Assert.ThrowsAsync<VaultException>(
            () => vault.Slots.ShareAsync(peer with { IsCompared = false }, isForced: false, default));

        Assert.Equal(1, await vault.Slots.ShareAsync(peer, isForced: false, default));
        Assert.Equal(1, await vault.Slots.ShareAsync(peer, isForced: false, default));
        VaultListing listed = Assert.Single(await _world.ClientOf(ben).ListAsync(default));
        _world.ClientOf(ben).Adopt("anns", listed.Vault);
        using VaultSecret member = VaultSecret.OfMember();
        await using (OpenedVault his = await _world.ClientOf(ben).OpenAsync("anns", member, default))
        {
            Assert.Equal([1], await GetAsync(his, "/from-ann"));
            await PutAsync(his, "/from-ben", [2]);
        }

        Assert.Equal([2], await GetAsync(vault, "/from-ben"));
        Assert.Equal(1, await vault.Slots.UnshareAsync([ben.Device.Id], default));
        await PutAsync(vault, "/later", [3]);
        VaultException turnedOut = await Assert.ThrowsAsync<VaultException>(
            () => _world.ClientOf(ben).OpenAsync("anns", member, default));

        Assert.Equal(VaultFailure.NoCard, early.Reason);
        Assert.Equal(VaultFailure.NotVerified, stranger.Reason);
        Assert.Equal(VaultFailure.NoSlot, turnedOut.Reason);
        await using OpenedVault again = await _world.ReopenAsync();
        Assert.Equal([1], await GetAsync(again, "/from-ann"));
        Assert.Equal([3], await GetAsync(again, "/later"));
    }

    [Fact]
    public async Task A_card_of_another_device_shares_nothing()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        VaultIdentity ben = _world.NewIdentity("ben");
        VaultIdentity eve = _world.NewIdentity("eve");
        await _world.ClientOf(eve).PublishCardAsync(default);
        MemberCard card = Assert.IsType<MemberCard>(
            await new CardBoard(_world.OptionsOf(eve)).FindAsync(eve.Device.Id, default));

        Assert.True(card.IsOf(RecordOf(eve).Devices[0]));
        Assert.False(card.IsOf(RecordOf(ben).Devices[0]));
        byte[] changed = card.Encoded.ToArray();
        changed[40] ^= 1;
        Assert.True(MemberCard.TryDecode(changed, out MemberCard? bent));
        Assert.False(bent.IsOf(RecordOf(eve).Devices[0]));
        Assert.False(MemberCard.TryDecode([.. changed, 0], out _));
        await Assert.ThrowsAsync<VaultException>(
            () => vault.Slots.ShareAsync(new VaultPeer(RecordOf(ben), true), isForced: true, default));
    }

    [Fact]
    public async Task Who_loses_the_slot_of_a_member_may_not_write_either()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        VaultIdentity ben = _world.NewIdentity("ben");
        await _world.ClientOf(ben).PublishCardAsync(default);
        await vault.Slots.ShareAsync(new VaultPeer(RecordOf(ben), true), isForced: false, default);
        VaultSlot his = (await vault.Slots.ListAsync(default)).Single(slot => slot.Kind == SlotKind.Member);

        await vault.Slots.RemoveAsync([his.Id], default);

        Assert.Equal(_world.Identities[0].Device.Id, Assert.Single(_world.Logs[vault.Vault].Writers.Keys));
    }

    [Fact]
    public async Task Whose_devices_a_vault_was_shared_with_is_known_here_until_they_are_turned_out()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        VaultIdentity ben = _world.NewIdentity("ben");
        await _world.ClientOf(ben).PublishCardAsync(default);
        await vault.Slots.ShareAsync(new VaultPeer(RecordOf(ben), true), isForced: false, default);

        VaultSlot his = (await vault.Slots.ListAsync(default)).Single(slot => slot.Kind == SlotKind.Member);
        IReadOnlyList<NodeId> known = vault.Slots.DevicesOf("ben");
        int removed = await vault.Slots.UnshareAsync([.. known], default);

        Assert.Equal("ben", his.Account);
        Assert.Equal([ben.Device.Id], known);
        Assert.Equal(1, removed);
        Assert.Empty(vault.Slots.DevicesOf("ben"));
    }

    [Fact]
    public async Task Only_the_owner_changes_who_may_open()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        VaultIdentity ben = _world.NewIdentity("ben");
        await _world.ClientOf(ben).PublishCardAsync(default);
        await vault.Slots.ShareAsync(new VaultPeer(RecordOf(ben), true), isForced: false, default);
        _world.ClientOf(ben).Adopt("anns", vault.Vault);
        using VaultSecret member = VaultSecret.OfMember();
        await using OpenedVault his = await _world.ClientOf(ben).OpenAsync("anns", member, default);
        using VaultSecret word = Passphrase("word");

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => his.Slots.AddAsync(word, default));

        Assert.Equal(VaultFailure.NotOwner, thrown.Reason);
    }

    [Fact]
    public async Task A_late_member_reads_a_log_of_many_pages_from_its_beginning()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        for (int i = 0; i < 12; i++)
        {
            await PutAsync(vault, $"/{i}", [1]);
        }

        VaultIdentity ben = _world.NewIdentity("ben");
        await _world.ClientOf(ben).PublishCardAsync(default);
        await vault.Slots.ShareAsync(new VaultPeer(RecordOf(ben), true), isForced: false, default);
        await PutAsync(vault, "/last", [2]);
        _world.PageSize = 3;
        _world.ClientOf(ben).Adopt("anns", vault.Vault);
        using VaultSecret member = VaultSecret.OfMember();

        await using OpenedVault his = await _world.ClientOf(ben).OpenAsync("anns", member, default);

        Assert.Equal(13, (await his.ListAsync(VaultPath.Root, default)).Count);
    }

    [Fact]
    public async Task A_cluster_that_shows_an_older_vault_is_refused_after_a_restart_too()
    {
        await using (OpenedVault vault = await _world.NewVaultAsync())
        {
            await PutAsync(vault, "/f", [1]);
        }

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => _world.ReopenAsync(options =>
            ((WorldLog)options.Log).Bend = range => range with
            {
                End = new LogPosition(range.Entries[^1].Index, range.FirstHead),
                Entries = [.. range.Entries.SkipLast(1)],
            }));

        Assert.Equal(VaultFailure.LogFault, thrown.Reason);
        Assert.StartsWith("ROLLBACK", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_folder_is_told_and_files_are_for_their_owner_only()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        string folder = Path.Combine(_world.Identities[0].Folder.Vaults, "home");
        if (!OperatingSystem.IsWindows())
        {
            foreach (string file in Directory.GetFiles(folder))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }

        string position = Path.Combine(folder, "position");
        byte[] bytes = File.ReadAllBytes(position);
        bytes[12] ^= 1;
        File.WriteAllBytes(position, bytes);

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => _world.ReopenAsync());

        Assert.Equal(VaultFailure.FolderDamaged, thrown.Reason);
    }

    internal static AccountRecord RecordOf(VaultIdentity identity)
    {
        using var account = MlDsa65SigningKey.Generate(SystemRandom.Instance);
        DeviceEntry device = new(identity.Device.PublicKey.Span, new byte[32]);
        return AccountRecord.Create(identity.AccountName, account, 1, [device], SystemRandom.Instance);
    }

    private static VaultSecret Passphrase(string text) => VaultSecret.OfPassphrase(Encoding.UTF8.GetBytes(text));

    private async Task AssertClosedAsync(VaultIdentity identity, VaultFailure reason, VaultSecret secret)
    {
        using (secret)
        {
            VaultException thrown = await Assert.ThrowsAsync<VaultException>(
                () => _world.ClientOf(identity).OpenAsync("home", secret, default));
            Assert.Equal(reason, thrown.Reason);
        }
    }
}
