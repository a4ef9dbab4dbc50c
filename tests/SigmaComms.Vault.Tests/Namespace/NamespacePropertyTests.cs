using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using Xunit.Abstractions;

namespace SigmaComms.Vault.Tests.Namespace;

public sealed class NamespacePropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void Replicas_agree_a_failed_batch_changes_nothing_and_a_snapshot_is_a_replay()
    {
        SeededRandom random = Seeds.Of(output.WriteLine);
        (int done, int failed) = (0, 0);
        for (int round = 0; round < 8; round++)
        {
            Tree tree = new(random);
            RandomOperations operations = new(tree);
            NamespaceState replica = new();
            for (int step = 0; step < 200; step++)
            {
                NodeId writer = operations.Writer();
                NamespaceOperation[] batch = operations.Batch();
                byte[] before = NamespaceSnapshot.Encode(tree.State);

                BatchOutcome outcome = tree.State.Apply(writer, 1, batch);
                BatchOutcome other = replica.Apply(writer, 1, RoundTrip(batch));

                Assert.Equal(outcome, other);
                if (!outcome.Succeeded)
                {
                    Assert.Equal(before, NamespaceSnapshot.Encode(tree.State));
                }

                (done, failed) = outcome.Succeeded ? (done + 1, failed) : (done, failed + 1);
                if (step % 40 == 39)
                {
                    byte[] snapshot = NamespaceSnapshot.Encode(tree.State);
                    Assert.True(NamespaceSnapshot.TryDecode(snapshot, out NamespaceState? restored));
                    Assert.Equal(snapshot, NamespaceSnapshot.Encode(restored));
                    replica = restored;
                }
            }

            Assert.Equal(tree.Digest(), NamespaceSnapshot.DigestOf(replica));
        }

        output.WriteLine($"{done} batches done, {failed} failed");
        Assert.True(done > 200 && failed > 200);
    }

    [Fact]
    public void Operations_come_back_from_their_bytes_and_cut_ones_are_refused()
    {
        Tree tree = new(new SeededRandom(3));
        RandomOperations operations = new(tree);
        HashSet<Type> kinds = [];
        for (int i = 0; i < 400; i++)
        {
            NamespaceOperation operation = operations.Next();
            kinds.Add(operation.GetType());
            byte[] encoded = Encode(operation);

            Assert.Equal(encoded, Encode(RoundTrip([operation])[0]));
            for (int size = 0; size < encoded.Length; size++)
            {
                var reader = new WireReader(encoded.AsSpan(0, size));
                Assert.Null(OperationReader.Read(ref reader));
            }
        }

        Assert.Equal(23, kinds.Count);
    }

    [Fact]
    public void Every_flipped_bit_of_an_operation_is_another_operation_or_none()
    {
        Tree tree = new(new SeededRandom(4));
        RandomOperations operations = new(tree);
        for (int i = 0; i < 60; i++)
        {
            byte[] encoded = Encode(operations.Next());
            for (int bit = 0; bit < encoded.Length * 8; bit++)
            {
                encoded[bit / 8] ^= (byte)(1 << (bit % 8));
                var reader = new WireReader(encoded);
                NamespaceOperation? read = OperationReader.Read(ref reader);
                if (read is not null && reader.AtEnd)
                {
                    Assert.Equal(encoded, Encode(read));
                }

                encoded[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_of_a_snapshot_is_another_state_or_none()
    {
        Tree tree = new(new SeededRandom(5));
        RandomOperations operations = new(tree);
        for (int i = 0; i < 12; i++)
        {
            tree.State.Apply(operations.Writer(), 1, [operations.Next()]);
        }

        byte[] snapshot = NamespaceSnapshot.Encode(tree.State);
        int accepted = 0;
        for (int bit = 0; bit < snapshot.Length * 8; bit++)
        {
            snapshot[bit / 8] ^= (byte)(1 << (bit % 8));
            if (NamespaceSnapshot.TryDecode(snapshot, out NamespaceState? state))
            {
                accepted++;
                Assert.Equal(snapshot, NamespaceSnapshot.Encode(state));
            }

            snapshot[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int size = 0; size < snapshot.Length; size++)
        {
            Assert.False(NamespaceSnapshot.TryDecode(snapshot.AsSpan(0, size), out _));
        }

        output.WriteLine($"{accepted} of {snapshot.Length * 8} changed bits make another good state");
        Assert.False(NamespaceSnapshot.TryDecode([.. snapshot, 0], out _));
    }

    [Fact]
    public void A_snapshot_whose_directories_are_a_ring_apart_is_refused()
    {
        Tree tree = new(new SeededRandom(6));
        tree.Mkdir("a");
        tree.Mkdir("a/b");
        byte[] snapshot = NamespaceSnapshot.Encode(tree.State);
        Assert.True(NamespaceSnapshot.TryDecode(snapshot, out NamespaceState? state));

        // a goes out of the root and into b, below itself; every count is made to fit.
        Inode root = state.Store.Find(1)!;
        ulong a = tree.Inode("a");
        ulong b = tree.Inode("a/b");
        root.Entries!.Remove("a"u8);
        root.Links--;
        state.Store.Find(b)!.Entries!.Add("a"u8.ToArray(), a, keepPlaces: false);
        state.Store.Find(b)!.Links++;
        state.Store.Find(a)!.Entries!.Parent = b;

        Assert.False(NamespaceSnapshot.TryDecode(NamespaceSnapshot.Encode(state), out _));
    }

    private static byte[] Encode(NamespaceOperation operation)
    {
        WireWriter writer = new();
        OperationWriter.Write(writer, operation);
        return writer.ToArray();
    }

    private static NamespaceOperation[] RoundTrip(NamespaceOperation[] batch) =>
    [
        .. batch.Select(operation =>
        {
            var reader = new WireReader(Encode(operation));
            NamespaceOperation? read = OperationReader.Read(ref reader);
            Assert.NotNull(read);
            Assert.True(reader.AtEnd);
            return read;
        }),
    ];
}
