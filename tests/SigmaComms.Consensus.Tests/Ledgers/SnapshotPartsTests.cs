using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.KeyDirectory;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Ledgers;

public sealed class SnapshotPartsTests
{
    private static readonly TestSigner Signer = new(1);
    private static readonly Digest Cluster = Digest.Sha256([1]);
    private static readonly IMachine[] Machines =
    [
        new KeyDirectoryMachine(new PlainJudge(), new DirectoryLimits()), new VaultCommandsMachine(new VaultLimits()),
    ];

    [Fact]
    public void The_parts_of_a_large_ledger_are_small_and_make_the_bytes_of_its_snapshot()
    {
        Ledger ledger = Large();
        WireWriter writer = new();
        ledger.WriteSnapshot(writer);

        ReadOnlyMemory<byte>[] parts = [.. ledger.SnapshotParts()];

        Assert.True(writer.Length > 3 * SnapshotChunks.SizeBytes, $"{writer.Length}");
        Assert.True(Join(parts).AsSpan().SequenceEqual(writer.Written));
        Assert.InRange(parts.Max(part => part.Length), 1, 192 * 1024);
    }

    [Fact]
    public void From_its_chunks_a_ledger_is_restored_and_a_changed_byte_of_any_chunk_is_noticed()
    {
        Ledger ledger = Large();
        ReadOnlyMemory<byte>[] chunks = [.. SnapshotChunks.Of(ledger.SnapshotParts())];
        byte[] whole = Join(chunks);

        bool isRead = Ledger.TryRestore(Machines, whole, ledger.Root, out Ledger? restored);

        Assert.True(isRead);
        Assert.Equal(ledger.Root, restored!.Root);
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(SnapshotChunks.SizeBytes, chunk.Length));
        Assert.InRange(chunks[^1].Length, 1, SnapshotChunks.SizeBytes);
        for (int at = 700; at < whole.Length; at += SnapshotChunks.SizeBytes)
        {
            whole[at] ^= 1;
            Assert.False(Ledger.TryRestore(Machines, whole, ledger.Root, out _), $"byte {at}");
            whole[at] ^= 1;
        }
    }

    [Fact]
    public void A_chunk_is_made_only_when_it_is_asked_for()
    {
        int made = 0;
        IEnumerable<ReadOnlyMemory<byte>> Parts()
        {
            for (int i = 0; i < 100; i++)
            {
                made++;
                yield return new byte[100_000];
            }
        }

        ReadOnlyMemory<byte>[] first = [.. SnapshotChunks.Of(Parts()).Take(2)];

        Assert.Equal(2 * SnapshotChunks.SizeBytes, first.Sum(chunk => chunk.Length));
        Assert.Equal(21, made);
        Assert.Empty(SnapshotChunks.Of([]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(SnapshotChunks.SizeBytes, 1)]
    [InlineData(SnapshotChunks.SizeBytes + 1, 2)]
    [InlineData((3 * SnapshotChunks.SizeBytes) - 1, 3)]
    public void Chunks_are_the_same_however_the_parts_are_cut(int sizeBytes, int count)
    {
        byte[] bytes = new byte[sizeBytes];
        new Random(sizeBytes).NextBytes(bytes);

        ReadOnlyMemory<byte>[] whole = [.. SnapshotChunks.Of([bytes])];
        ReadOnlyMemory<byte>[] cut = [.. SnapshotChunks.Of(
            [bytes.AsMemory(0, sizeBytes / 3), default, bytes.AsMemory(sizeBytes / 3)])];

        Assert.Equal(count, whole.Length);
        Assert.Equal(whole.Select(chunk => chunk.Length), cut.Select(chunk => chunk.Length));
        Assert.True(Join(cut).AsSpan().SequenceEqual(bytes));
    }

    private static byte[] Join(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        WireWriter writer = new();
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            writer.Fixed(part.Span);
        }

        return writer.ToArray();
    }

    // Two vaults of 2 MiB, records of 30 KiB, and a session for each block.
    private static Ledger Large()
    {
        var validators = new ValidatorSet(new Epoch(1), [new(NodeId.Of([1]), 1, new byte[] { 1 })]);
        Ledger ledger = Ledger.Genesis(Cluster, Machines, validators);
        ulong number = 1;
        for (int i = 0; i < 80; i++)
        {
            Digest salt = Digest.Sha256([(byte)(i % 2)]);
            Digest vault = VaultCommand.IdOf(Signer.Id, salt);
            byte[] entry = new byte[50_000];
            new Random(i).NextBytes(entry);
            byte[][] payloads =
            [
                i < 2 ? VaultCommand.Create(salt).Encode() : [1],
                VaultCommand.Append(vault, (ulong)(i / 2) + 1, entry).Encode(),
            ];
            Command[] commands =
            [
                .. payloads.Select((payload, place) => new Command(
                    Digest.Sha256([(byte)i]), (ulong)place + 1, MachineIds.VaultCommands, payload)),
                new Command(Digest.Sha256([(byte)i]), 3, MachineIds.KeyDirectory, KeyDirectoryState.EncodePublish(
                    PlainJudge.Record($"name{i % 30}", i % 30, i + 1, new string('x', 30_000)))),
            ];
            ledger = ledger.Execute(
                new Epoch(1), new Height(number), (long)number, [Signer.Group((long)number, commands)]).Ledger;
            number++;
        }

        return ledger;
    }
}
