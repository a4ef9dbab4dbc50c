using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Transactions;

public sealed class VaultSessionTests : IDisposable
{
    private readonly VaultFixture _vault = new(new SeededRandom(1));

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task What_one_member_commits_the_other_sees_and_both_have_the_same_state()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);

        Make file = VaultFixture.MakeFile(alice, "plan.txt");
        CommitResult first = await VaultFixture.CommitAsync(
            alice, file, new WriteInline(file.Inode, "hello"u8.ToArray(), 2));
        CommitResult second = await VaultFixture.CommitAsync(
            bob, new Rename(1, EntryName.Of("plan.txt"), 1, EntryName.Of("done.txt"), RenameMode.Replace, 3));
        await alice.SyncAsync(default);

        Assert.True(first.Succeeded && second.Succeeded);
        Assert.Equal(bob.Position, alice.Position);
        Assert.Equal(NamespaceSnapshot.DigestOf(bob.State), NamespaceSnapshot.DigestOf(alice.State));
        Assert.Equal(Errno.None, alice.State.Lookup(1, EntryName.Of("done.txt"), out ulong inode));
        Assert.Equal("hello"u8.ToArray(), alice.State.ReadInline(inode).ToArray());
    }

    [Fact]
    public async Task Of_two_who_rename_one_file_at_the_same_time_the_second_is_told_of_the_conflict()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "a"));
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        StripeEntry stripe = _vault.NewStripe();
        Make other = VaultFixture.MakeFile(bob, "other");

        await VaultFixture.CommitAsync(
            alice, new Rename(1, EntryName.Of("a"), 1, EntryName.Of("b"), RenameMode.Replace, 3));
        CommitResult late = await VaultFixture.CommitAsync(
            bob,
            other,
            new WriteStripe(other.Inode, 0, 100, stripe, 4),
            new Rename(1, EntryName.Of("a"), 1, EntryName.Of("c"), RenameMode.Replace, 4));

        Assert.Equal(new CommitResult(CommitStatus.Conflict, new BatchOutcome(Errno.NotFound, 2)), late);
        Assert.Equal(["b"], bob.State.List(1).Select(item => item.Name.ToString()));
        Assert.Equal([stripe.Stripe], bob.State.Released);
    }

    [Fact]
    public async Task A_stripe_that_nothing_refers_to_is_named_to_the_nodes_only_after_its_end_is_ordered()
    {
        await using VaultSession alice = await _vault.StartAsync();
        Make file = VaultFixture.MakeFile(alice, "a");
        StripeEntry stripe = _vault.NewStripe();
        await VaultFixture.CommitAsync(alice, file, new WriteStripe(file.Inode, 0, 100, stripe, 4));
        await VaultFixture.CommitAsync(alice, new Unlink(1, EntryName.Of("a"), 5));
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "b"));

        SealedBatch[] batches = [.. _vault.Log.Read(2).Entries.Select(entry =>
        {
            Assert.True(SealedBatch.TryRead(entry.Content.Span, out SealedBatch? batch));
            return batch;
        })];

        Assert.Equal([stripe.Stripe], batches[0].Added);
        Assert.Empty(batches[1].Dropped);
        Assert.Equal([stripe.Stripe], batches[2].Dropped);
        Assert.Empty(alice.State.Released);
        CommitResult reuse = await VaultFixture.CommitAsync(
            alice, new WriteStripe(alice.State.List(1).First().Inode, 0, 100, stripe, 6));
        Assert.Equal(new CommitResult(CommitStatus.Conflict, new BatchOutcome(Errno.Stale, 0)), reuse);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_append_without_an_answer_counts_once_whether_it_arrived_or_not(bool arrived)
    {
        await using VaultSession alice = await _vault.StartAsync();
        BentLog log = new(_vault.Log.As(_vault.Bob))
        {
            LostAnswers = arrived ? 2 : 0,
            LostAppends = arrived ? 0 : 2,
        };
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob, log);

        CommitResult sent = await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "once"));
        CommitResult again = await bob.ResolveAsync(default);
        CommitResult third = await bob.ResolveAsync(default);
        CommitResult next = await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "next"));

        Assert.Equal(
            [CommitStatus.Unknown, CommitStatus.Unknown, CommitStatus.Committed, CommitStatus.Committed],
            [sent.Status, again.Status, third.Status, next.Status]);
        Assert.False(bob.HasPending);
        Assert.Equal(4UL, bob.Position.Count);
        Assert.Equal(["once", "next"], bob.State.List(1).Select(item => item.Name.ToString()));
    }

    [Fact]
    public async Task A_member_who_was_turned_out_is_locked_out_and_their_old_key_seals_nothing()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        (VaultHeader rotated, VaultKeyring next) = _vault.Author.Rotate(_vault.Header, _vault.Keys, [2]);
        next.Dispose();
        Make file = VaultFixture.MakeFile(bob, "late");
        StripeEntry stripe = _vault.NewStripe();
        VaultTransaction staged = bob.Begin();
        staged.TryAdd(file);
        staged.TryAdd(new WriteStripe(file.Inode, 0, 100, stripe, 1));

        Assert.True((await alice.PublishAsync(rotated, default)).Succeeded);
        CommitResult late = await bob.CommitAsync(staged, default);
        Assert.True((await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "secret"))).Succeeded);
        SyncResult sync = await bob.SyncAsync(default);

        Assert.Equal(CommitStatus.Expired, late.Status);
        Assert.Equal(LogFault.Locked, sync.Fault);
        Assert.Equal(Errno.NotFound, bob.State.Lookup(1, EntryName.Of("secret"), out _));
        await using VaultSession again = VaultSession.Start(_vault.AccessOf(_vault.Alice));
        Assert.True((await again.SyncAsync(default)).IsCurrent);
        Assert.Equal(NamespaceSnapshot.DigestOf(alice.State), NamespaceSnapshot.DigestOf(again.State));
    }

    [Fact]
    public async Task Whoever_becomes_a_member_late_or_again_reads_the_log_from_its_beginning()
    {
        await using VaultSession alice = await _vault.StartAsync();
        (VaultHeader without, VaultKeyring second) = _vault.Author.Rotate(_vault.Header, _vault.Keys, [2]);
        Assert.True((await alice.PublishAsync(without, default)).Succeeded);
        Assert.True((await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "behind his back"))).Succeeded);
        await using VaultSession bob = VaultSession.Start(_vault.AccessOf(_vault.Bob));
        Assert.Equal(LogFault.Locked, (await bob.SyncAsync(default)).Fault);
        Assert.True((await alice.SnapshotAsync(default)).Succeeded);

        VaultHeader again = _vault.Author.AddMember(without, second, _vault.Bob, _vault.BobPublicKey)!;
        Assert.True((await alice.PublishAsync(again, default)).Succeeded);
        await using VaultSession fresh = VaultSession.Start(_vault.AccessOf(_vault.Bob));
        await using VaultSession? restored = await VaultSession.StartAsync(
            _vault.AccessOf(_vault.Bob), alice.Snapshot!, default, default);

        foreach (VaultSession session in (VaultSession[])[bob, fresh, restored!])
        {
            Assert.True((await session.SyncAsync(default)).IsCurrent);
            Assert.Equal(NamespaceSnapshot.DigestOf(alice.State), NamespaceSnapshot.DigestOf(session.State));
        }

        Assert.True((await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "mine"))).Succeeded);
        second.Dispose();
    }

    [Fact]
    public async Task A_batch_sealed_with_the_former_key_is_void_for_all_and_releases_its_stripes()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        StripeEntry stripe = _vault.NewStripe();
        Make file = VaultFixture.MakeFile(bob, "late");
        byte[] body = BatchBody.Encode([file, new WriteStripe(file.Inode, 0, 100, stripe, 1)]);
        using SecretBytes key = bob.Keys!.Derive(1, VaultPurpose.Namespace);
        byte[] late = new SealedBatch(EntryKind.Batch, 1, bob.Position, [stripe.Stripe], [])
            .Seal(new EntryPlace(_vault.Vault, _vault.Bob, 1), key.Span, _vault.Random.Bytes(16), body);
        (VaultHeader rotated, VaultKeyring next) = _vault.Author.Rotate(_vault.Header, _vault.Keys, []);
        next.Dispose();

        Assert.True((await alice.PublishAsync(rotated, default)).Succeeded);
        await _vault.Log.As(_vault.Bob).AppendAsync(_vault.Vault, 1, late, default);
        Assert.True((await alice.SyncAsync(default)).IsCurrent);

        Assert.Empty(alice.State.List(1));
        Assert.Equal([stripe.Stripe], alice.State.Released);
    }

    [Fact]
    public async Task A_transaction_that_is_rolled_back_or_closed_commits_nothing()
    {
        await using VaultSession alice = await _vault.StartAsync();
        VaultTransaction transaction = alice.Begin();
        Make file = VaultFixture.MakeFile(alice, "a");
        transaction.TryAdd(file);

        transaction.RollBack();

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await alice.CommitAsync(transaction, default));
        Assert.Throws<InvalidOperationException>(() => transaction.TryAdd(file));
        Assert.Equal(2UL, alice.Position.Count);
        Assert.Throws<ArgumentException>(() => alice.Begin().TryAdd(new Truncate(1, -1, 0)));
    }

    [Fact]
    public async Task A_full_transaction_fits_into_an_entry_whatever_it_holds()
    {
        await using VaultSession alice = await _vault.StartAsync();
        Make file = VaultFixture.MakeFile(alice, "a");
        VaultTransaction transaction = alice.Begin();
        transaction.TryAdd(file);
        long offset = 0;
        while (transaction.TryAdd(new WriteStripe(file.Inode, offset, 100, _vault.NewStripe(), 1)))
        {
            offset += 100;
        }

        CommitResult result = await alice.CommitAsync(transaction, default);

        Assert.True(result.Succeeded);
        Assert.True(transaction.Staged.Count > 250);
        Assert.True((await VaultFixture.CommitAsync(alice, new Unlink(1, EntryName.Of("a"), 1))).Succeeded);
        Assert.True((await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "b"))).Succeeded);
        Assert.Equal(transaction.Staged.Count - SealedBatch.DroppedMax, alice.State.Released.Count);
    }

    [Fact]
    public async Task A_removed_writer_is_refused()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        _vault.Log.RemoveWriter(_vault.Bob);

        CommitResult refused = await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "x"));

        Assert.Equal(new CommitResult(CommitStatus.Refused, Refusal: LogStatus.NotAllowed), refused);
        _vault.Log.AddWriter(_vault.Bob);
        Assert.True((await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "y"))).Succeeded);
        Assert.True((await alice.SyncAsync(default)).IsCurrent);
    }

    [Fact]
    public async Task A_watch_ends_when_somebody_commits()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        Task<SyncResult> watching = bob.WatchAsync(default).AsTask();
        Assert.False(watching.IsCompleted);

        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "news"));

        Assert.True((await watching.WaitAsync(TimeSpan.FromSeconds(60))).IsCurrent);
        Assert.Equal(Errno.None, bob.State.Lookup(1, EntryName.Of("news"), out _));
    }

    [Fact]
    public async Task Whoever_had_two_sessions_at_once_loses_nothing()
    {
        await using VaultSession first = await _vault.StartAsync();
        await using VaultSession second = await _vault.JoinAsync(_vault.Alice);

        await VaultFixture.CommitAsync(first, VaultFixture.MakeFile(first, "one"));
        CommitResult other = await VaultFixture.CommitAsync(second, VaultFixture.MakeFile(second, "two"));
        await first.SyncAsync(default);

        Assert.True(other.Succeeded);
        Assert.Equal(["one", "two"], first.State.List(1).Select(item => item.Name.ToString()));
    }
}
