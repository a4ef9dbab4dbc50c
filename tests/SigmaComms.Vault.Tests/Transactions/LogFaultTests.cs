using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Vault.Tests.Transactions;

/// <summary>Nodes that reorder, drop, repeat, invent or hide entries, or show an older log or another one.</summary>
public sealed class LogFaultTests : IDisposable
{
    private readonly VaultFixture _vault = new(new SeededRandom(2));

    public void Dispose() => _vault.Dispose();

    [Theory]
    [InlineData("swap", LogFault.Broken)]
    [InlineData("drop", LogFault.Broken)]
    [InlineData("repeat", LogFault.Broken)]
    [InlineData("renumbered repeat", LogFault.Broken)]
    [InlineData("renumbered drop", LogFault.Broken)]
    [InlineData("renumbered swap", LogFault.Broken)]
    [InlineData("flip", LogFault.Forked)]
    [InlineData("other time", LogFault.Forked)]
    [InlineData("other end", LogFault.Forked)]
    public async Task A_log_that_was_tampered_with_is_refused(string how, LogFault expected)
    {
        await FillAsync(6);
        BentLog log = new(_vault.Log.As(_vault.Bob)) { Bend = range => Tamper(range, how) };
        await using VaultSession bob = VaultSession.Start(_vault.AccessOf(_vault.Bob, log));

        SyncResult sync = await bob.SyncAsync(default);

        Assert.Equal(expected, sync.Fault);
        log.Bend = range => range;
        Assert.Equal(expected, (await bob.SyncAsync(default)).Fault);
        CommitResult commit = await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "x"));
        Assert.Equal((CommitStatus.Fault, expected), (commit.Status, commit.Fault));
    }

    [Fact]
    public async Task A_log_that_shows_less_than_was_remembered_is_refused_even_by_a_new_session()
    {
        await FillAsync(4);
        LogPosition remembered;
        await using (VaultSession bob = await _vault.JoinAsync(_vault.Bob))
        {
            remembered = bob.Remembered;
        }

        BentLog log = new(_vault.Log.As(_vault.Bob)) { Bend = Shorter };
        await using VaultSession later = VaultSession.Start(_vault.AccessOf(_vault.Bob, log), remembered);
        await using VaultSession forgetful = VaultSession.Start(_vault.AccessOf(_vault.Bob, log));

        Assert.Equal(LogFault.RolledBack, (await later.SyncAsync(default)).Fault);
        Assert.True((await forgetful.SyncAsync(default)).IsCurrent);
        log.Bend = range => range;
        Assert.Equal(LogFault.RolledBack, (await later.SyncAsync(default)).Fault);
    }

    [Fact]
    public async Task Another_past_of_the_same_length_is_refused()
    {
        await FillAsync(4);
        await using VaultSession session = VaultSession.Start(
            _vault.AccessOf(_vault.Bob), new LogPosition(5, Digest.Sha256("another head"u8)));

        Assert.Equal(LogFault.Forked, (await session.SyncAsync(default)).Fault);
    }

    [Fact]
    public async Task A_fork_shows_as_soon_as_a_writer_of_the_other_branch_is_heard_of()
    {
        // Bob has seen an entry of Alice's that the other branch does not have, or has in another form.
        await using VaultSession alice = await _vault.StartAsync();
        MemoryLog shorter = CopyOf(_vault.Log);
        MemoryLog changed = CopyOf(_vault.Log);
        await using VaultSession elsewhere = await _vault.JoinAsync(_vault.Alice, changed.As(_vault.Alice));
        await VaultFixture.CommitAsync(elsewhere, VaultFixture.MakeFile(elsewhere, "only there"));
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "only here"));
        await using VaultSession bob = await _vault.JoinAsync(_vault.Bob);
        await VaultFixture.CommitAsync(bob, VaultFixture.MakeFile(bob, "Bob's"));

        ReadOnlyMemory<byte> heard = _vault.Log.Read(0).Entries[^1].Content;
        shorter.Append(_vault.Bob, 1, heard);
        changed.Append(_vault.Bob, 1, heard);
        await using VaultSession reader = VaultSession.Start(_vault.AccessOf(_vault.Bob, shorter.As(_vault.Bob)));

        Assert.Equal(LogFault.Forked, (await reader.SyncAsync(default)).Fault);
        Assert.Equal(LogFault.Forked, (await elsewhere.SyncAsync(default)).Fault);
        Assert.True((await alice.SyncAsync(default)).IsCurrent);
    }

    private MemoryLog CopyOf(MemoryLog log)
    {
        MemoryLog copy = new(_vault.Vault, _vault.Alice);
        copy.AddWriter(_vault.Bob);
        foreach (LogEntry entry in log.Read(0).Entries)
        {
            copy.Append(entry.Writer, entry.Sequence, entry.Content);
        }

        return copy;
    }

    [Fact]
    public async Task A_log_that_hides_entries_it_admits_to_have_is_as_good_as_unreachable()
    {
        await FillAsync(4);
        BentLog log = new(_vault.Log.As(_vault.Bob))
        {
            Bend = range => range with { Entries = [.. range.Entries.Take(range.Entries.Count > 3 ? 3 : 0)] },
        };
        await using VaultSession bob = VaultSession.Start(_vault.AccessOf(_vault.Bob, log));

        SyncResult sync = await bob.SyncAsync(default);

        Assert.Equal(new SyncResult(LogStatus.Unreachable, LogFault.None, false), sync);
        Assert.Equal(3UL, bob.Position.Count);
        log.Bend = range => range;
        Assert.True((await bob.SyncAsync(default)).IsCurrent);
    }

    [Fact]
    public async Task What_a_writer_without_the_key_appends_is_void_for_all()
    {
        await using VaultSession alice = await _vault.StartAsync();
        ICommandLog bob = _vault.Log.As(_vault.Bob);
        byte[] stolen = _vault.Log.Read(0).Entries[1].Content.ToArray();
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "a"));
        byte[] copied = _vault.Log.Read(0).Entries[2].Content.ToArray();
        byte[][] invented = [[1], [2], [7, 7], [1, .. new byte[300]], copied, stolen, _vault.Random.Bytes(500)];
        for (int i = 0; i < invented.Length; i++)
        {
            Assert.Equal(
                LogStatus.Done, (await bob.AppendAsync(_vault.Vault, (ulong)i + 1, invented[i], default)).Status);
        }

        Assert.True((await alice.SyncAsync(default)).IsCurrent);
        Assert.Equal(["a"], alice.State.List(1).Select(item => item.Name.ToString()));
        Assert.Equal(2UL, alice.Header!.Generation);
    }

    [Fact]
    public async Task An_older_header_that_somebody_repeats_is_refused()
    {
        await using VaultSession alice = await _vault.StartAsync();
        byte[] older = _vault.Log.Read(0).Entries[0].Content.ToArray();

        await _vault.Log.As(_vault.Bob).AppendAsync(_vault.Vault, 1, older, default);
        await alice.SyncAsync(default);

        Assert.Equal(2UL, alice.Header!.Generation);
        Assert.Equal(2, alice.Header.Slots.Count);
    }

    [Fact]
    public async Task Every_flipped_bit_of_an_entry_makes_it_void()
    {
        await using VaultSession alice = await _vault.StartAsync();
        await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, "a"));
        LogEntry entry = _vault.Log.Read(2).Entries[0];
        byte[] content = entry.Content.ToArray();
        EntryPlace place = new(_vault.Vault, entry.Writer, entry.Sequence);
        using SecretBytes key = alice.Keys!.Derive(1, VaultPurpose.Namespace);
        Assert.True(SealedBatch.TryOpen(content, place, key.Span, out _));

        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SealedBatch.TryOpen(content, place, key.Span, out _));
            content[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int size = 0; size < content.Length; size++)
        {
            Assert.False(SealedBatch.TryRead(content.AsSpan(0, size), out _));
            Assert.False(SealedBatch.TryOpen(content.AsSpan(0, size), place, key.Span, out _));
        }

        Assert.False(SealedBatch.TryOpen(content, place with { Sequence = 9 }, key.Span, out _));
        Assert.False(SealedBatch.TryOpen(content, place with { Writer = _vault.Bob }, key.Span, out _));
        Assert.False(SealedBatch.TryOpen(content, place with { Vault = default }, key.Span, out _));
    }

    [Fact]
    public void The_chain_is_that_of_the_control_log()
    {
        // Made by another program from docs/formats/vault-commands.md.
        IReadOnlyDictionary<string, byte[]> golden = GoldenFile.Read("chain.txt");
        Digest head = LogEntry.StartOf(new Digest(golden["vault"]));
        Assert.Equal(golden["start"], head.ToArray());

        LogEntry entry = new(
            0, new NodeId(new Digest(golden["writer"])), 1, 638_000_000_000_000_000, golden["content"]);

        Assert.Equal(golden["head"], entry.HeadAfter(head).ToArray());
    }

    private static LogRange Shorter(LogRange range)
    {
        List<LogEntry> entries = [.. range.Entries.SkipLast(1)];
        Digest head = range.FirstHead;
        foreach (LogEntry entry in entries)
        {
            head = entry.HeadAfter(head);
        }

        return range with { Entries = entries, End = new LogPosition((ulong)entries.Count, head) };
    }

    private static LogRange Tamper(LogRange range, string how)
    {
        List<LogEntry> entries = [.. range.Entries];
        switch (how)
        {
            case "swap" or "renumbered swap":
                (entries[3], entries[4]) = (entries[4], entries[3]);
                break;
            case "drop" or "renumbered drop":
                entries.RemoveAt(3);
                break;
            case "repeat" or "renumbered repeat":
                entries.Insert(3, entries[3]);
                break;
            case "flip":
                byte[] flipped = entries[3].Content.ToArray();
                flipped[^1] ^= 1;
                entries[3] = entries[3] with { Content = flipped };
                break;
            case "other time":
                entries[3] = entries[3] with { Timestamp = 77 };
                break;
            default:
                return range with { End = range.End with { Head = Digest.Sha256("other"u8) } };
        }

        if (how.StartsWith("renumbered", StringComparison.Ordinal))
        {
            entries = [.. entries.Select((entry, at) => entry with { Index = (ulong)at })];
        }

        return range with { Entries = entries };
    }

    private async Task FillAsync(int files)
    {
        await using VaultSession alice = await _vault.StartAsync();
        for (int i = 0; i < files; i++)
        {
            await VaultFixture.CommitAsync(alice, VaultFixture.MakeFile(alice, $"f{i}"));
        }
    }
}
