using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Tests.Vaults.Ordering;

/// <summary>Sessions, numbers and clocks of a device whose processes come and go.</summary>
public sealed class CommandSignerTests
{
    private readonly SeededRandom _random = new(9);
    private readonly InstantTime _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task More_processes_of_a_device_than_it_has_sessions_all_write_within_the_hour()
    {
        PretendedCluster cluster = new(_random, _time);
        MlDsa65SigningKey key = new(_random.Bytes(32));
        for (ulong process = 1; process <= 12; process++)
        {
            (ControlCommandLog log, CommandQueue queue) = cluster.Open(key, process);
            Digest salt = Digest.Sha256(BitConverter.GetBytes(process));

            Assert.Equal(LogStatus.Done, await new VaultDirectory(log, cluster).CreateAsync(salt, default));

            await queue.DisposeAsync();
            cluster.Pass(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Two_processes_that_use_one_session_by_turns_lose_and_double_nothing()
    {
        PretendedCluster cluster = new(_random, _time);
        MlDsa65SigningKey key = new(_random.Bytes(32));
        (ControlCommandLog first, _) = cluster.Open(key, process: 5);
        (ControlCommandLog second, _) = cluster.Open(key, process: 5);
        Digest salt = Digest.Sha256("salt"u8);
        await new VaultDirectory(first, cluster).CreateAsync(salt, default);
        Digest vault = VaultCommand.IdOf(key.Id, salt);
        for (ulong i = 1; i <= 30; i++)
        {
            LogAppend appended = await (i % 3 == 0 ? first : second).AppendAsync(vault, i, new byte[1], default);

            Assert.Equal(new LogAppend(LogStatus.Done, i - 1), appended);
        }

        Assert.Equal(30UL, cluster.Find(vault)!.Count);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400_000)]
    [InlineData(-400_000)]
    public async Task A_clock_that_is_off_keeps_nobody_from_writing(int seconds)
    {
        PretendedCluster cluster = new(_random, _time);
        InstantTime wrong = new(_time.GetUtcNow().AddSeconds(seconds));
        MlDsa65SigningKey key = new(_random.Bytes(32));
        cluster.Admit(key);
        CommandQueue queue = new(
            new CommandSigner(key, cluster.Cluster, wrong, _random), new GroupDelivery(cluster, wrong));
        ControlCommandLog log = new(key.Id, cluster, queue, wrong);
        Digest salt = Digest.Sha256("salt"u8);

        Assert.Equal(LogStatus.Done, await new VaultDirectory(log, cluster).CreateAsync(salt, default));
        Assert.Equal(
            LogStatus.Done,
            (await log.AppendAsync(VaultCommand.IdOf(key.Id, salt), 1, new byte[1], default)).Status);
    }

    [Fact]
    public async Task A_process_whose_clock_was_far_ahead_does_not_keep_later_ones_out()
    {
        PretendedCluster cluster = new(_random, _time);
        MlDsa65SigningKey key = new(_random.Bytes(32));
        cluster.Admit(key);
        InstantTime future = new(_time.GetUtcNow().AddDays(3_000));
        CommandQueue ahead = new(
            new CommandSigner(key, cluster.Cluster, future, new SeededRandom(3)), new GroupDelivery(cluster, future));
        ControlCommandLog first = new(key.Id, cluster, ahead, future);
        (ControlCommandLog second, _) = cluster.Open(key, process: 3);
        Digest salt = Digest.Sha256("salt"u8);
        Digest vault = VaultCommand.IdOf(key.Id, salt);

        Assert.Equal(LogStatus.Done, await new VaultDirectory(first, cluster).CreateAsync(salt, default));
        Assert.Equal(LogStatus.Done, (await first.AppendAsync(vault, 1, new byte[1], default)).Status);
        Assert.Equal(LogStatus.Done, (await second.AppendAsync(vault, 2, new byte[1], default)).Status);
    }

    [Fact]
    public async Task What_is_on_its_way_when_the_vaults_are_closed_has_an_unknown_fate()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, CommandQueue queue) = cluster.Open(new MlDsa65SigningKey(_random.Bytes(32)));
        Task<CommandFate>? late = null;
        cluster.Bend = (_, _, _) =>
        {
            late ??= queue.SendAsync(VaultCommand.Create(default).Encode(), default);
            Task closing = queue.DisposeAsync().AsTask();
            return new Refused(RefusalReason.Unavailable, "no quorum");
        };

        LogStatus made = await new VaultDirectory(log, cluster).CreateAsync(Digest.Sha256("x"u8), default);
        CommandFate fate = await late!;

        Assert.Equal(LogStatus.Unreachable, made);
        Assert.Null(fate.Reply);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await queue.SendAsync(VaultCommand.Create(default).Encode(), default));
    }
}
