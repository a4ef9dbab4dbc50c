using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Scatter;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>Nodes that lose, bend or hide fragments, and what puts it right.</summary>
public sealed class VaultHealthTests : IDisposable
{
    private readonly VaultWorld _world = new();
    private readonly byte[] _content = new SeededRandom(1).Bytes(300_000);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Figures_tell_what_a_vault_holds()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await vault.MakeDirectoryAsync(Of("/d"), Everything, makesParents: false, default);
        await PutAsync(vault, "/d/big", _content);
        await PutAsync(vault, "/small", [1, 2]);

        VaultFigures figures = await vault.Health.StatusAsync(default);

        Assert.Equal(
            (2, 2, 0, 300_002, 5), (figures.Files, figures.Directories, figures.Links, figures.Bytes, figures.Stripes));
        Assert.InRange(figures.StoredBytes, 450_000, 470_000);
        Assert.Equal((6, 1, 1), (figures.StorageNodes, figures.KeyEpoch, figures.Slots));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lost_nodes_are_told_and_repair_makes_all_whole_again(bool reads)
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", _content);
        VaultReport before = await vault.Health.VerifyAsync(reads, null, default);
        _world.Node(0).Store = new MemoryFragmentStore();
        _world.Node(1).Store = new MemoryFragmentStore();

        VaultReport degraded = await vault.Health.VerifyAsync(reads, null, default);
        VaultReport repaired = await vault.Health.RepairAsync(null, default);
        VaultReport after = await vault.Health.VerifyAsync(reads, null, default);

        Assert.True(before.IsHealthy);
        Assert.Equal((5, 0, 5, 0, 10), (
            degraded.Stripes, degraded.Whole, degraded.Degraded, degraded.Lost, degraded.Missing));
        Assert.Equal((5, 10), (repaired.Whole, repaired.Rebuilt));
        Assert.True(after is { IsHealthy: true, Elsewhere: 0 });
        Assert.Equal(_content, await GetAsync(vault, "/f"));
    }

    [Fact]
    public async Task What_is_put_while_a_node_is_away_is_told_with_how_many_more_may_be_lost()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        WrittenSpread nothing = vault.Spread;
        await PutAsync(vault, "/before", _content);
        WrittenSpread whole = vault.Spread;
        _world.Node(0).Answer = StoreStatus.Unreachable;

        await PutAsync(vault, "/after", _content);

        // Six fragments on five nodes: the first node lost takes two of them, and four are needed.
        Assert.Equal(new WrittenSpread(0, 0, 0, 0), nothing);
        Assert.Equal(new WrittenSpread(5, 0, 2, 2), whole);
        Assert.Equal(new WrittenSpread(10, 5, 1, 2), vault.Spread);
    }

    [Fact]
    public async Task One_loss_too_many_is_told_by_number_and_by_file()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", _content);
        await PutAsync(vault, "/small", [1]);
        for (int i = 0; i < 3; i++)
        {
            _world.Node(i).Store = new MemoryFragmentStore();
        }

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => GetAsync(vault, "/f"));
        VaultReport report = await vault.Health.RepairAsync(null, default);

        Assert.Equal(VaultFailure.NeedsFragments, thrown.Reason);
        Assert.Contains("needs 1 more fragment of stripe", thrown.Message, StringComparison.Ordinal);
        Assert.Equal((5, 0), (report.Lost, report.Rebuilt));
        Assert.Equal([Of("/f")], report.LostFiles);
        Assert.Equal([1], await GetAsync(vault, "/small"));
    }

    [Fact]
    public async Task Nodes_that_lie_about_fragments_do_no_harm_and_are_found_out()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", _content);
        _world.Node(0).Bend = static bytes => bytes.Span[5] ^= 1;
        _world.Node(1).Answer = StoreStatus.NotFound;

        byte[] got = await GetAsync(vault, "/f");
        VaultReport report = await vault.Health.VerifyAsync(reads: true, null, default);

        Assert.Equal(_content, got);
        Assert.Equal((5, 5), (report.Corrupt, report.Degraded));
        Assert.False(report.IsHealthy);
    }

    [Fact]
    public async Task A_node_that_answers_nothing_is_overtaken()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", _content);
        _world.Node(0).Hangs = true;
        _world.Node(3).Hangs = true;

        Task<byte[]> reading = GetAsync(vault, "/f");
        for (int i = 0; i < 100_000 && !reading.IsCompleted; i++)
        {
            _world.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.Equal(_content, await reading.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Fragments_are_found_wherever_a_former_membership_put_them()
    {
        await using (OpenedVault vault = await _world.NewVaultAsync())
        {
            await PutAsync(vault, "/f", _content);
        }

        _world.Rename(0, 1);
        _world.Rename(2, 3);
        await using OpenedVault again = await _world.ReopenAsync();

        Assert.Equal(_content, await GetAsync(again, "/f"));
        Assert.True((await again.Health.VerifyAsync(reads: true, null, default)) is
            { IsHealthy: true, Elsewhere: > 0 });
    }

    [Fact]
    public async Task Too_few_nodes_end_a_put_and_leave_what_was_there_and_no_fragment()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", _content);
        int fragments = _world.FragmentCount;
        for (int i = 0; i < 5; i++)
        {
            _world.Node(i).Answer = StoreStatus.Full;
        }

        _world.Node(5).Store = new MemoryFragmentStore(capacityBytes: 100_000);
        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => PutAsync(vault, "/f", [.. _content, 1]));
        for (int i = 0; i < 5; i++)
        {
            _world.Node(i).Answer = null;
        }

        Assert.Equal(VaultFailure.Unavailable, thrown.Reason);
        Assert.Contains("full", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(_content, await GetAsync(vault, "/f"));
        Assert.InRange(_world.FragmentCount, 1, fragments);
    }

    [Fact]
    public async Task A_rotten_fragment_is_replaced_by_the_repair_and_the_vault_is_healthy_then()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", _content);
        Assert.True(_world.Node(2).Store.Damage(_world.Node(2).Store.Ids[0], 77));
        VaultReport rotten = await vault.Health.VerifyAsync(reads: true, null, default);

        VaultReport repaired = await vault.Health.RepairAsync(null, default);
        VaultReport after = await vault.Health.VerifyAsync(reads: true, null, default);

        Assert.Equal((1, 1, false), (rotten.Corrupt, rotten.Degraded, rotten.IsHealthy));
        Assert.Equal((0, 1, true), (repaired.Corrupt, repaired.Rebuilt, repaired.IsHealthy));
        Assert.True(after.IsHealthy);
    }

    [Fact]
    public async Task A_put_that_only_one_node_takes_fails_and_what_one_node_has_too_much_of_is_told()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        for (int i = 1; i < 5; i++)
        {
            _world.Node(i).Answer = StoreStatus.Full;
        }

        await PutAsync(vault, "/two", _content);
        _world.Node(5).Answer = StoreStatus.Full;
        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => PutAsync(vault, "/one", _content));
        for (int i = 1; i < 6; i++)
        {
            _world.Node(i).Answer = null;
        }

        VaultReport report = await vault.Health.VerifyAsync(reads: false, null, default);
        Assert.Equal(VaultFailure.Unavailable, thrown.Reason);
        Assert.Equal((5, 5, false), (report.Whole, report.Crowded, report.IsHealthy));
    }
}
