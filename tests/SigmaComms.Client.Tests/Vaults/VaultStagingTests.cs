using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>Nodes reclaim after a day what no entry adds: what was staged for half a day is never added.</summary>
public sealed class VaultStagingTests : IDisposable
{
    private static readonly TimeSpan Late = StagingTime.AgeMax;
    private static readonly TimeSpan InTime = StagingTime.AgeMax - TimeSpan.FromSeconds(1);

    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_was_staged_half_a_day_before_its_entry_is_sealed_and_staged_anew()
    {
        byte[] content = new SeededRandom(1).Bytes(50_000);
        await using OpenedVault vault = await _world.NewVaultAsync();
        PassOnceStaged(Late);
        using MemoryStream source = new(content);

        await vault.PutAsync(source, Of("/f"), new PutOptions(), null, default);

        Assert.Equal(content, await GetAsync(vault, "/f"));
        Assert.Equal(VaultWorld.SmallShape.Fragments, _world.FragmentCount);
    }

    [Fact]
    public async Task What_is_a_second_younger_is_added_as_it_is()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        PassOnceStaged(InTime);
        await using PatternStream source = new(50_000);

        await vault.PutAsync(source, Of("/f"), new PutOptions(), null, default);

        Assert.Equal(50_000, (await vault.StatAsync(Of("/f"), default)).Size);
    }

    [Fact]
    public async Task What_cannot_be_read_again_is_refused_and_cleared_away()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        ulong before = vault.Position.Count;
        PassOnceStaged(Late);
        await using PatternStream source = new(50_000);

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(
            () => vault.PutAsync(source, Of("/f"), new PutOptions(), null, default));

        Assert.Equal(VaultFailure.Changed, thrown.Reason);
        Assert.Equal((before, 0), (vault.Position.Count, _world.FragmentCount));
        Assert.Empty(await vault.ListAsync(VaultPath.Root, default));
    }

    [Fact]
    public async Task An_entry_that_got_lost_is_not_sent_again_half_a_day_later()
    {
        byte[] content = new SeededRandom(2).Bytes(50_000);
        await using OpenedVault vault = await _world.NewVaultAsync(options => options.LogPause = TimeSpan.Zero);
        ulong before = vault.Position.Count;
        bool isLost = false;
        _world.LastLog.Loses = () =>
        {
            bool isFirst = !isLost;
            isLost = true;
            _world.Time.Advance(isFirst ? Late : TimeSpan.Zero);
            return isFirst;
        };
        using MemoryStream source = new(content);

        await vault.PutAsync(source, Of("/f"), new PutOptions(), null, default);

        // The lost entry may still come by a node that kept it back: what it adds is not deleted from here.
        Assert.Equal(content, await GetAsync(vault, "/f"));
        Assert.Equal(before + 1, vault.Position.Count);
        Assert.Equal(2 * VaultWorld.SmallShape.Fragments, _world.FragmentCount);
    }

    [Fact]
    public void A_calendar_that_is_set_back_makes_nothing_younger()
    {
        StagingTime before = new(_world.Time.GetUtcNow() + TimeSpan.FromDays(1), _world.Time.GetTimestamp());

        _world.Time.Advance(InTime);
        bool isEarly = before.IsOverdue(_world.Time);
        _world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(isEarly);
        Assert.True(before.IsOverdue(_world.Time));
    }

    // The log is asked for its end after the nodes have all fragments, and before the entry is sent.
    private void PassOnceStaged(TimeSpan time)
    {
        bool isPassed = false;
        _world.LastLog.Bend = range =>
        {
            if (!isPassed && _world.FragmentCount > 0)
            {
                isPassed = true;
                _world.Time.Advance(time);
            }

            return range;
        };
    }
}
