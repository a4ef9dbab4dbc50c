using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.History;
using SigmaComms.Client.Vaults.Sharing;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>Snapshots in the vault's own stripes, and cleaning up.</summary>
public sealed class VaultHistoryTests : IDisposable
{
    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task After_a_snapshot_the_log_is_short_and_everybody_opens_from_there(int? pageSize)
    {
        byte[] content = new SeededRandom(1).Bytes(100_000);
        await using OpenedVault vault = await _world.NewVaultAsync();
        for (int i = 0; i < 30; i++)
        {
            await PutAsync(vault, $"/{i}", content[..(i * 100)]);
        }

        await PutAsync(vault, "/f", content);
        VaultIdentity ben = _world.NewIdentity("ben");
        await _world.ClientOf(ben).PublishCardAsync(default);
        await vault.Slots.ShareAsync(new VaultPeer(VaultSecretTests.RecordOf(ben), true), isForced: false, default);
        _world.ClientOf(ben).Adopt("anns", vault.Vault);

        LogPosition first = await vault.History.SnapshotAsync(default);
        LogPosition second = await vault.History.SnapshotAsync(default);
        await PutAsync(vault, "/later", [1]);
        _world.PageSize = pageSize;
        await using OpenedVault again = await _world.ReopenAsync();
        using VaultSecret member = VaultSecret.OfMember();
        await using OpenedVault his = await _world.ClientOf(ben).OpenAsync("anns", member, default);

        Assert.True(second.Count > first.Count);
        LogRange log = await _world.LastLog.ReadAsync(vault.Vault, 0, default);
        Assert.Equal(second.Count, log.First);
        foreach (OpenedVault opened in new[] { again, his })
        {
            Assert.Equal(content, await GetAsync(opened, "/f"));
            Assert.Equal([1], await GetAsync(opened, "/later"));
            Assert.Equal(32, (await opened.ListAsync(VaultPath.Root, default)).Count);
        }

        await PutAsync(his, "/his", [2]);
        Assert.Equal([2], await GetAsync(again, "/his"));
        Assert.True((await again.Health.VerifyAsync(reads: true, null, default)).IsHealthy);
    }

    [Fact]
    public async Task A_snapshot_whose_nodes_are_away_is_told_as_such()
    {
        await using (OpenedVault vault = await _world.NewVaultAsync())
        {
            await PutAsync(vault, "/f", [1]);
            await vault.History.SnapshotAsync(default);
        }

        for (int i = 0; i < 3; i++)
        {
            _world.Node(i).Answer = SigmaComms.Vault.Scatter.StoreStatus.NotFound;
        }

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => _world.ReopenAsync());

        Assert.Equal(VaultFailure.NeedsFragments, thrown.Reason);
    }

    [Fact]
    public async Task What_a_killed_put_left_behind_is_cleaned_up_after_a_day()
    {
        await using (OpenedVault killed = await _world.NewVaultAsync())
        {
            using PatternStream source = new(64 << 20) { At = 32 << 20, Reached = () => _world.BreaksAt = 1 };
            await Assert.ThrowsAnyAsync<Exception>(
                () => killed.PutAsync(source, Of("/large"), new PutOptions(), null, default));
            _world.Mend();
        }

        await using OpenedVault vault = await _world.ReopenAsync();
        (int Files, int Stripes) early = await vault.History.CleanUpAsync(default);
        _world.Time.Advance(TimeSpan.FromHours(25));
        (int Files, int Stripes) late = await vault.History.CleanUpAsync(default);

        Assert.Equal((0, 0), early);
        Assert.Equal(1, late.Files);
        Assert.InRange(late.Stripes, 100, 600);
        Assert.Equal(0, (await vault.Health.StatusAsync(default)).Stripes);
    }

    [Fact]
    public void A_reference_has_one_form()
    {
        SnapshotReference reference = new(3, IsList: true, [EntryOf(1), EntryOf(2)]);
        byte[] encoded = reference.Encode();

        SnapshotReference? read = SnapshotReference.TryDecode(encoded);

        Assert.NotNull(read);
        Assert.Equal((3, true), (read.Epoch, read.IsList));
        Assert.Equal(reference.Stripes, read.Stripes);
        Assert.Null(SnapshotReference.TryDecode(encoded.AsSpan(0, encoded.Length - 1)));
        Assert.Null(SnapshotReference.TryDecode([.. encoded, 0]));
        encoded[0] = 9;
        Assert.Null(SnapshotReference.TryDecode(encoded));
    }

    private static StripeEntry EntryOf(byte seed) => new(
        new SigmaComms.Vault.StripeId(Enumerable.Repeat(seed, 16).ToArray()),
        new StripeLayout(100, 1, 0),
        new byte[32],
        new byte[16],
        [default]);
}
