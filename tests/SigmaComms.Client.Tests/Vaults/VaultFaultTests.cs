using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>Many writers, lost answers, and processes that are killed at every call.</summary>
public sealed class VaultFaultTests : IDisposable
{
    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task A_put_that_is_killed_at_any_call_leaves_the_old_file_or_the_new_one(int length)
    {
        byte[] old = new SeededRandom(1).Bytes(70_000);
        byte[] fresh = new SeededRandom(2).Bytes(length);
        await using (OpenedVault made = await _world.NewVaultAsync())
        {
            await PutAsync(made, "/f", old);
        }

        int olds = 0;
        bool isOver = false;
        for (int point = 1; !isOver; point++)
        {
            bool isNew = await KillAsync(point, fresh);
            isOver = _world.BreaksAt == 0;
            await using OpenedVault after = await _world.ReopenAsync();
            byte[] found = await GetAsync(after, "/f");
            Assert.True(found.AsSpan().SequenceEqual(old) || found.AsSpan().SequenceEqual(fresh));
            Assert.False(isNew && !found.AsSpan().SequenceEqual(fresh));
            olds += found.AsSpan().SequenceEqual(old) ? 1 : 0;
            await PutAsync(after, "/f", old);
            Assert.True(point < 500);
        }

        Assert.True(olds >= 3);
    }

    [Fact]
    public async Task Two_writers_who_rename_one_file_leave_it_under_one_name()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/f", [1]);
        await using OpenedVault other = await _world.ReopenAsync();

        Task<Exception?>[] moves =
        [
            Record.ExceptionAsync(() => vault.MoveAsync(Of("/f"), Of("/mine"), false, default)),
            Record.ExceptionAsync(() => other.MoveAsync(Of("/f"), Of("/yours"), false, default)),
        ];
        Exception?[] thrown = await Task.WhenAll(moves);

        VaultException lost = Assert.IsType<VaultException>(Assert.Single(thrown, exception => exception is not null));
        Assert.Equal(Errno.NotFound, lost.Errno);
        Assert.Single(await NamesAsync(vault, "/"));
    }

    [Fact]
    public async Task An_answer_that_is_lost_makes_nothing_twice()
    {
        await using OpenedVault vault = await _world.NewVaultAsync(
            options => options.LogPause = TimeSpan.Zero);
        _world.LastLog.AnswersLost = 2;

        await vault.MakeDirectoryAsync(Of("/d"), Everything, makesParents: false, default);
        await PutAsync(vault, "/d/f", [1]);

        Assert.Equal([1], await GetAsync(vault, "/d/f"));
    }

    [Fact]
    public async Task A_hundred_clients_on_one_vault_all_get_through()
    {
        await using OpenedVault first = await _world.NewVaultAsync();
        List<OpenedVault> clients = [];
        for (int i = 0; i < 99; i++)
        {
            clients.Add(await _world.ReopenAsync());
        }

        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            await PutAsync(client, $"/{i}", [(byte)i]);
            await PutAsync(client, "/all", [(byte)i]);
        }));

        Assert.Equal(100, (await NamesAsync(first, "/")).Length);
        Assert.Single(await GetAsync(first, "/all"));
        foreach (OpenedVault client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_large_stream_stays_within_twice_the_window_and_takes_several_entries()
    {
        const int Size = 64 << 20;
        VaultShape shape = new(4, 2, VaultShape.StripeSizeMinBytes);
        await using OpenedVault vault = await _world.NewVaultAsync(
            options => options.Scatter = new ScatterOptions { WindowBytes = 4 << 20 }, shape);
        ulong before = vault.Position.Count;
        using PatternStream source = new(Size);
        using PatternStream sink = new(Size);

        await vault.PutAsync(source, Of("/large"), new PutOptions(), null, default);
        await vault.GetAsync(Of("/large"), sink, null, default);

        Assert.Equal(Size, sink.Position);
        Assert.InRange(vault.Position.Count - before, 8u, 12u);
        Assert.InRange(vault.RoomMaxBytes, 1, 2 * (4 << 20));
        Assert.Equal(["/large"], await NamesAsync(vault, "/"));
    }

    [Fact]
    public async Task A_large_put_that_is_given_up_leaves_no_name_and_no_stripe()
    {
        VaultShape shape = new(4, 2, VaultShape.StripeSizeMinBytes);
        await using OpenedVault vault = await _world.NewVaultAsync(shape: shape);
        using CancellationTokenSource stop = new();
        using PatternStream source = new(64 << 20) { At = 32 << 20, Reached = stop.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => vault.PutAsync(source, Of("/large"), new PutOptions(), null, stop.Token));

        Assert.Empty(await NamesAsync(vault, "/"));
        Assert.Equal(0, (await vault.Health.StatusAsync(default)).Stripes);
    }

    [Fact]
    public async Task A_log_that_lies_right_after_a_commit_costs_no_fragment_of_what_counts()
    {
        byte[] content = new SeededRandom(5).Bytes(100_000);
        await using (OpenedVault vault = await _world.NewVaultAsync())
        {
            WorldLog log = _world.LastLog;
            log.Bend = range => log.Appends > 0
                ? range with { End = new LogPosition(range.End.Count, default) }
                : range;
            log.Appends = 0;

            await Record.ExceptionAsync(() => PutAsync(vault, "/f", content));
        }

        await using OpenedVault again = await _world.ReopenAsync();
        Assert.Equal(content, await GetAsync(again, "/f"));
        Assert.True((await again.Health.VerifyAsync(reads: true, null, default)).IsHealthy);
    }

    [Fact]
    public async Task A_refusal_that_is_a_lie_costs_no_fragment_of_what_counts()
    {
        byte[] content = new SeededRandom(6).Bytes(100_000);
        await using (OpenedVault vault = await _world.NewVaultAsync(
            options => options.LogPause = TimeSpan.Zero))
        {
            WorldLog log = _world.LastLog;
            log.Lie = new LogAppend(LogStatus.NotAllowed, 0);
            log.Bend = range => log.Appends > 0 ? range with { Status = LogStatus.Unreachable } : range;
            log.Appends = 0;

            await Assert.ThrowsAsync<VaultException>(() => PutAsync(vault, "/f", content));
        }

        await using OpenedVault again = await _world.ReopenAsync();
        Assert.Equal(content, await GetAsync(again, "/f"));
    }

    // True if the put came to its end.
    private async Task<bool> KillAsync(int point, byte[] content)
    {
        OpenedVault vault = await _world.ReopenAsync();
        _world.Mend();
        _world.BreaksAt = point;
        Exception? thrown = await Record.ExceptionAsync(() => PutAsync(vault, "/f", content));
        bool isBroken = _world.Points >= point;
        _world.Mend();
        _world.BreaksAt = isBroken ? -1 : 0;
        await vault.DisposeAsync();
        Assert.True(isBroken || thrown is null);
        return thrown is null;
    }
}
