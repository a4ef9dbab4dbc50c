using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Vault.Tests.Transactions;

public sealed class SnapshotTests : IDisposable
{
    private readonly VaultFixture _vault = new(new SeededRandom(3));

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task A_session_from_a_snapshot_goes_on_as_one_from_the_beginning_after_a_trim()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        for (int i = 0; i < 20; i++)
        {
            await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, $"before{i}"));
        }

        Assert.True((await alice.SnapshotAsync(default)).Succeeded);
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "after"));
        ulong first = alice.Snapshot!.At.Count;
        Assert.Equal(LogStatus.Done, await _vault.Log.As(_vault.Alice).TrimAsync(_vault.Vault, first, default));

        SnapshotNotice? notice = await SnapshotFinder.FindAsync(_vault.AccessOf(_vault.Bob), default);
        await using VaultSession? fresh =
            await VaultSession.StartAsync(_vault.AccessOf(_vault.Bob), notice!, default, default);
        SyncResult sync = await fresh!.SyncAsync(default);
        SyncResult behind = await bob.SyncAsync(default);

        Assert.True(sync.IsCurrent);
        Assert.Equal(alice.Position, fresh.Position);
        Assert.Equal(DigestOf(alice), DigestOf(fresh));
        Assert.True(behind.IsBehind);
        Assert.True((await VaultFixture.CommitAsync(fresh, VaultFixture.MakeFile(fresh, "Bob's"))).Succeeded);
        Assert.True((await alice.SyncAsync(default)).IsCurrent);
        Assert.Equal(DigestOf(alice), DigestOf(fresh));
    }

    [Fact]
    public async Task A_snapshot_with_another_digest_is_contradicted_by_whoever_noted_the_mark_and_not_used()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        alice.CheckSnapshots(true);
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "a"));
        await AppendAsync(bob, EntryKind.Mark, []);
        await alice.SyncAsync(default);
        SnapshotNotice lie = new(alice.Position, Digest.Sha256("lie"u8), 10, new byte[4]);

        await AppendAsync(bob, EntryKind.Snapshot, lie.Encode());
        Assert.True((await alice.SyncAsync(default)).IsCurrent);

        Assert.True(alice.SawFalseSnapshot);
        Assert.Null(alice.Snapshot);
        Assert.True((await bob.SnapshotAsync(default)).Succeeded);
        Assert.True((await alice.SyncAsync(default)).IsCurrent);
        Assert.NotNull(alice.Snapshot);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("size")]
    [InlineData("place")]
    [InlineData("reference")]
    public async Task A_snapshot_that_is_not_what_was_noted_starts_no_session(string what)
    {
        await using VaultSession alice = await _vault.StartAsync();
        await alice.SnapshotAsync(default);
        SnapshotNotice good = alice.Snapshot!;
        SnapshotNotice bad = what switch
        {
            "state" => good with { State = Digest.Sha256("x"u8) },
            "size" => good with { Size = good.Size - 1 },
            "place" => good with { At = good.At with { Count = 1 } },
            _ => good with { Reference = new byte[3] },
        };
        VaultAccess access = _vault.AccessOf(_vault.Bob);

        Assert.Null(await VaultSession.StartAsync(access, bad, default, default));
        await using VaultSession? started = await VaultSession.StartAsync(access, good, default, default);
        Assert.NotNull(started);
    }

    [Fact]
    public async Task A_snapshot_older_than_what_a_client_remembers_is_caught_up_or_refused()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await alice.SnapshotAsync(default);
        SnapshotNotice older = alice.Snapshot!;
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "later"));
        LogPosition forged = alice.Position with { Head = Digest.Sha256("x"u8) };

        await using VaultSession? good =
            await VaultSession.StartAsync(_vault.AccessOf(_vault.Bob), older, alice.Position, default);
        await using VaultSession? bad =
            await VaultSession.StartAsync(_vault.AccessOf(_vault.Bob), older, forged, default);

        Assert.True((await good!.SyncAsync(default)).IsCurrent);
        Assert.Equal(LogFault.Forked, (await bad!.SyncAsync(default)).Fault);
    }

    [Fact]
    public async Task A_replica_comes_back_from_its_bytes_and_every_cut_and_flipped_byte_is_refused_or_another()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "a"));
        using VaultReplica replica = new(_vault.Vault, header => _vault.Unlock(header, _vault.Alice));
        foreach (LogEntry entry in _vault.Log.Read(0).Entries)
        {
            Assert.Equal(LogFault.None, replica.Apply(entry, out _));
        }

        byte[] encoded = ReplicaSnapshot.Encode(replica);
        for (int size = 0; size < encoded.Length; size += 61)
        {
            Assert.False(Decodes(encoded.AsSpan(0, size), out _));
        }

        for (int at = 0; at < encoded.Length; at += at < 200 || at > encoded.Length - 200 ? 1 : 97)
        {
            encoded[at] ^= 1;
            if (Decodes(encoded, out byte[]? again))
            {
                Assert.Equal(encoded, again);
            }

            encoded[at] ^= 1;
        }

        Assert.True(Decodes(encoded, out byte[]? same));
        Assert.Equal(encoded, same);
    }

    private static Digest DigestOf(VaultSession session) =>
        Vault.Namespace.NamespaceSnapshot.DigestOf(session.State);

    private bool Decodes(ReadOnlySpan<byte> encoded, out byte[]? again)
    {
        bool decoded = ReplicaSnapshot.TryDecode(encoded, _vault.Vault, _ => null, out VaultReplica? replica);
        again = decoded ? ReplicaSnapshot.Encode(replica!) : null;
        replica?.Dispose();
        return decoded;
    }

    private async Task AppendAsync(VaultSession session, EntryKind kind, byte[] body)
    {
        await session.SyncAsync(default);
        ICommandLog log = _vault.Log.As(_vault.Bob);
        ulong sequence = (ulong)_vault.Log.Read(0).Entries.Count(entry => entry.Writer == _vault.Bob) + 1;
        using SecretBytes key = session.Keys!.Derive(session.Keys.Epoch, VaultPurpose.Namespace);
        byte[] content = new SealedBatch(kind, session.Keys.Epoch, session.Position, [], [])
            .Seal(new EntryPlace(_vault.Vault, _vault.Bob, sequence), key.Span, _vault.Random.Bytes(16), body);
        Assert.Equal(LogStatus.Done, (await log.AppendAsync(_vault.Vault, sequence, content, default)).Status);
        await session.SyncAsync(default);
    }
}
