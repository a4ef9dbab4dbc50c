using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Tests.Namespace;
using SigmaComms.Vault.Transactions;
using Xunit.Abstractions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Transactions;

public sealed class ForesightTests(ITestOutputHelper output)
{
    private static readonly Ownership Owner = new(0x1ED, 7, 8);

    [Fact]
    public async Task A_change_shows_at_once_and_counts_for_others_once_the_log_has_it()
    {
        using VaultFixture vault = new(new SeededRandom(31));
        await using VaultSession alice = await vault.StartAsync();
        await using VaultSession bob = await BobAsync(vault);
        Foresight foresight = alice.State.Foresee(vault.Alice);

        BatchOutcome added = foresight.Add(1, [Directory("a", 50)], out ForeseenChange? change);
        bool shown = alice.State.TryStat(50, out _);
        await bob.SyncAsync(default);
        bool early = bob.State.TryStat(50, out _);
        CommitResult committed = await alice.CommitForeseenAsync(default);
        await bob.SyncAsync(default);

        Assert.True(added.Succeeded && shown && !early && bob.State.TryStat(50, out _));
        Assert.Equal((CommitStatus.Committed, ForeseenFate.Counts), (committed.Status, change!.Fate));
        Assert.True(foresight.IsEmpty);
        Assert.Equal(NamespaceSnapshot.DigestOf(bob.State), NamespaceSnapshot.DigestOf(alice.State));
    }

    [Fact]
    public async Task A_change_that_somebody_else_was_quicker_with_fails_and_takes_only_what_needs_it_along()
    {
        using VaultFixture vault = new(new SeededRandom(32));
        await using VaultSession alice = await vault.StartAsync();
        await using VaultSession bob = await BobAsync(vault);
        Foresight foresight = alice.State.Foresee(vault.Alice);
        foresight.Add(1, [Directory("a", 50)], out ForeseenChange? loser);
        NamespaceOperation within = new Make(50, EntryName.Of("in"), 51, FileKind.Regular, Owner, 0, 2);
        foresight.Add(1, [within], out ForeseenChange? child);
        foresight.Add(1, [Directory("b", 52)], out ForeseenChange? other);

        await CommitAsync(bob, Directory("a", 60));
        CommitResult committed = await alice.CommitForeseenAsync(default);

        Assert.Equal(CommitStatus.Committed, committed.Status);
        Assert.Equal((ForeseenFate.Failed, Errno.Exists), (loser!.Fate, loser.Error));
        Assert.Equal((ForeseenFate.Failed, Errno.NotFound), (child!.Fate, child.Error));
        Assert.Equal(ForeseenFate.Counts, other!.Fate);
        await bob.SyncAsync(default);
        Assert.Equal(NamespaceSnapshot.DigestOf(bob.State), NamespaceSnapshot.DigestOf(alice.State));
    }

    [Fact]
    public async Task Whoever_lost_the_lease_on_the_way_finds_none_of_what_was_sent_counted()
    {
        using VaultFixture vault = new(new SeededRandom(33));
        await using VaultSession alice = await vault.StartAsync();
        await using VaultSession bob = await BobAsync(vault);
        await CommitAsync(alice, new TakeLease(0));
        await bob.SyncAsync(default);
        Foresight foresight = alice.State.Foresee(vault.Alice);
        foresight.Add(1, [new RequireLease(1), Directory("a", 50)], out ForeseenChange? change);

        await CommitAsync(bob, new TakeLease(1));
        CommitResult committed = await alice.CommitForeseenAsync(default);

        Assert.Equal(CommitStatus.Expired, committed.Status);
        Assert.Equal((ForeseenFate.Failed, Errno.Stale), (change!.Fate, change.Error));
        Assert.False(alice.State.TryStat(50, out _));
    }

    [Fact]
    public async Task While_nobody_knows_whether_a_conflicting_entry_counts_only_the_log_shows_and_nothing_is_added()
    {
        using VaultFixture vault = new(new SeededRandom(36));
        await using VaultSession first = await vault.StartAsync();
        BentLog log = new(vault.Log.As(vault.Alice)) { LostAppends = 1 };
        await using VaultSession alice = VaultSession.Start(vault.AccessOf(vault.Alice, log));
        await using VaultSession bob = await BobAsync(vault);
        await alice.SyncAsync(default);
        Foresight foresight = alice.State.Foresee(vault.Alice);
        foresight.Add(1, [Directory("a", 50)], out ForeseenChange? change);
        CommitResult unknown = await alice.CommitForeseenAsync(default);
        foresight.Add(1, [Directory("b", 51)], out ForeseenChange? later);

        await CommitAsync(bob, Directory("a", 60));
        await alice.SyncAsync(default);
        bool shown = alice.State.TryStat(51, out _);
        bool stalled = foresight.IsStalled;
        Assert.Throws<InvalidOperationException>(() => foresight.Add(1, [Directory("c", 52)], out _));
        CommitResult settled = await alice.CommitForeseenAsync(default);

        Assert.Equal((CommitStatus.Unknown, CommitStatus.Committed), (unknown.Status, settled.Status));
        Assert.True(stalled && !shown);
        Assert.Equal((ForeseenFate.Failed, ForeseenFate.Counts), (change!.Fate, later!.Fate));
    }

    [Fact]
    public async Task Stripes_that_a_foreseen_change_lets_go_are_not_named_to_the_nodes_before_the_log_has_it()
    {
        using VaultFixture vault = new(new SeededRandom(34));
        await using VaultSession alice = await vault.StartAsync();
        Tree tree = new(vault.Random);
        await CommitAsync(
            alice, File("f", 50), new WriteStripe(50, 0, 700, tree.NewStripe(800), 3));
        Foresight foresight = alice.State.Foresee(vault.Alice);

        foresight.Add(1, [new Unlink(1, EntryName.Of("f"), 4)], out _);
        int before = alice.State.Released.Count;
        await alice.CommitForeseenAsync(default);

        Assert.Equal((0, 1), (before, alice.State.Released.Count));
    }

    [Fact]
    public async Task A_snapshot_holds_what_the_log_has_and_nothing_foreseen()
    {
        using VaultFixture vault = new(new SeededRandom(35));
        await using VaultSession alice = await vault.StartAsync();
        await using VaultSession bob = await BobAsync(vault);
        bob.CheckSnapshots(true);
        Foresight foresight = alice.State.Foresee(vault.Alice);
        foresight.Add(1, [Directory("a", 50)], out _);

        CommitResult stored = await alice.SnapshotAsync(default);
        await bob.SyncAsync(default);

        Assert.True(stored.Succeeded);
        Assert.False(bob.SawFalseSnapshot);
        Assert.NotNull(bob.Snapshot);
        Assert.True(alice.State.TryStat(50, out _));
    }

    [Fact]
    public async Task Whatever_two_writers_do_and_whatever_answers_are_lost_foresight_ends_as_a_plain_replay()
    {
        SeededRandom random = Seeds.Of(output.WriteLine);
        List<ForeseenChange> all = [];
        int stalled = 0;
        for (int round = 0; round < 16; round++)
        {
            using VaultFixture vault = new(random);
            await using VaultSession first = await vault.StartAsync();
            BentLog log = new(vault.Log.As(vault.Alice));
            await using VaultSession alice = VaultSession.Start(vault.AccessOf(vault.Alice, log));
            await using VaultSession bob = await BobAsync(vault);
            await alice.SyncAsync(default);
            Foresight foresight = alice.State.Foresee(vault.Alice);
            RandomOperations hers = new(new Tree(random, alice.State, 1_000));
            RandomOperations his = new(new Tree(random, bob.State, 1_000_000));
            for (int step = 0; step < 150; step++)
            {
                (log.LostAnswers, log.LostAppends) = (random.Below(3) / 2, random.Below(3) / 2);
                await StepAsync(random, alice, hers, bob, his, all);
                stalled += foresight.IsStalled ? 1 : 0;
            }

            (log.LostAnswers, log.LostAppends) = (0, 0);
            while (!foresight.IsEmpty)
            {
                await alice.CommitForeseenAsync(default);
            }

            await alice.SyncAsync(default);
            await bob.SyncAsync(default);
            Assert.Equal(NamespaceSnapshot.DigestOf(bob.State), NamespaceSnapshot.DigestOf(alice.State));
            Assert.DoesNotContain(all, change => change.Fate == ForeseenFate.Open);
        }

        int failed = all.Count(change => change.Fate == ForeseenFate.Failed);
        output.WriteLine($"{all.Count - failed} counted, {failed} failed, {stalled} steps stalled");
        Assert.True(all.Count - failed > 100 && failed > 10);
    }

    private static async Task StepAsync(
        SeededRandom random,
        VaultSession alice,
        RandomOperations hers,
        VaultSession bob,
        RandomOperations his,
        List<ForeseenChange> all)
    {
        Foresight foresight = alice.State.Foresight!;
        switch (random.Below(8))
        {
            case 0 or 1 or 2 when !foresight.IsStalled:
                foresight.Add(1, hers.Batch(), out ForeseenChange? change);
                all.AddRange(change is null ? [] : [change]);
                break;
            case 3 or 4 or 5:
                await CommitAsync(bob, his.Batch());
                break;
            case 6:
                await alice.SyncAsync(default);
                break;
            default:
                if (!foresight.IsEmpty)
                {
                    await alice.CommitForeseenAsync(default);
                }

                break;
        }
    }

    private static Make Directory(string name, ulong inode) =>
        new(1, EntryName.Of(name), inode, FileKind.Directory, Owner, 0, 1);

    private static Make File(string name, ulong inode) =>
        new(1, EntryName.Of(name), inode, FileKind.Regular, Owner, 0, 1);

    private static async Task<VaultSession> BobAsync(VaultFixture vault)
    {
        VaultSession bob = VaultSession.Start(vault.AccessOf(vault.Bob));
        Assert.True((await bob.SyncAsync(default)).IsCurrent);
        return bob;
    }

    private static async Task CommitAsync(VaultSession session, params NamespaceOperation[] operations)
    {
        await session.SyncAsync(default);
        VaultTransaction transaction = session.Begin();
        Assert.True(transaction.TryAddAll(operations));
        await session.CommitAsync(transaction, default);
    }
}
