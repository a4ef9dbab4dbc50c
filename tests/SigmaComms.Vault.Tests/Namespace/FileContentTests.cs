using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using Xunit.Abstractions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Namespace;

public sealed class FileContentTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_writes_cuts_holes_and_clones_read_back_as_a_plain_array_does()
    {
        SeededRandom random = Seeds.Of(output.WriteLine);
        for (int round = 0; round < 10; round++)
        {
            Tree tree = new(random);
            Files files = new(tree);
            for (int step = 0; step < 120; step++)
            {
                files.Step();
            }

            files.Check();
            files.RemoveAll();
        }
    }

    [Fact]
    public void A_long_file_written_in_any_order_keeps_every_stripe_once()
    {
        SeededRandom random = new(5);
        Tree tree = new(random);
        tree.Create("long");
        ulong inode = tree.Inode("long");
        int[] order = [.. Enumerable.Range(0, 3_000)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        foreach (int place in order)
        {
            Assert.Equal(Errno.None, tree.Do(new WriteStripe(inode, place * 64L, 64, tree.NewStripe(64), 1)));
        }

        long[] offsets = [.. tree.State.ReadExtents(inode, 0, long.MaxValue).Select(extent => extent.Offset)];
        Assert.Equal(Enumerable.Range(0, 3_000).Select(place => place * 64L), offsets);
        Assert.Equal(2, tree.State.ReadExtents(inode, 100 * 64 + 63, 2).Count());
        Assert.Equal(Errno.None, tree.Do(new Truncate(inode, 64 * 1_500 + 1, 1)));
        Assert.Equal(1_501, tree.State.StripeCount);
        Assert.Equal(1_499, tree.State.Released.Count);
    }

    [Fact]
    public void A_stripe_is_used_once_and_small_content_is_replaced_whole()
    {
        Tree tree = new(new SeededRandom(6));
        tree.Create("a");
        ulong inode = tree.Inode("a");
        StripeEntry stripe = tree.NewStripe(5_000);

        Assert.Equal(Errno.None, tree.Do(new WriteInline(inode, new byte[2_048], 1)));
        Assert.Equal(Errno.NotSupported, tree.Do(new WriteStripe(inode, 2_048, 100, stripe, 1)));
        Assert.Equal(Errno.NotSupported, tree.Do(new WriteStripe(inode, 0, 100, stripe, 1)));
        Assert.Equal(Errno.None, tree.Do(new WriteStripe(inode, 0, 5_000, stripe, 1)));
        Assert.Equal(Errno.Exists, tree.Do(new WriteStripe(inode, 5_000, 5_000, stripe, 1)));
        Assert.Equal(Errno.IsDirectory, tree.Do(new Truncate(1, 0, 1)));
        tree.Symlink("x", "s");
        Assert.Equal(Errno.Invalid, tree.Do(new Truncate(tree.Inode("s"), 0, 1)));
    }

    private sealed class Files(Tree tree)
    {
        private const int SizeMax = 4_000;
        private readonly Dictionary<StripeId, byte[]> _stripes = [];
        private readonly byte[][] _content = [[], [], []];
        private int _made;

        public void Step()
        {
            EnsureMade();
            SeededRandom random = tree.Random;
            int file = random.Below(3);
            ulong inode = tree.Inode($"f{file}");
            int offset = random.Below(SizeMax);
            int length = 1 + random.Below(600);
            switch (random.Below(6))
            {
                case 0 or 1:
                    Write(file, inode, offset, length);
                    break;
                case 2:
                    Assert.Equal(Errno.None, tree.Do(new Truncate(inode, offset, 1)));
                    Array.Resize(ref _content[file], offset);
                    break;
                case 3:
                    Assert.Equal(Errno.None, tree.Do(new PunchHole(inode, offset, length, 1)));
                    int from = Math.Min(offset, _content[file].Length);
                    _content[file].AsSpan(from, Math.Min(offset + length, _content[file].Length) - from).Clear();
                    break;
                case 4:
                    Clone(file, inode, random.Below(3), offset, length);
                    break;
                default:
                    byte[] inline = random.Bytes(random.Below(300));
                    Assert.Equal(Errno.None, tree.Do(new WriteInline(inode, inline, 1)));
                    _content[file] = inline;
                    break;
            }
        }

        public void Check()
        {
            for (int file = 0; file < 3; file++)
            {
                ulong inode = tree.Inode($"f{file}");
                Assert.Equal(_content[file].Length, tree.StatOf(inode).Size);
                Assert.Equal(_content[file], Read(inode));
            }
        }

        public void RemoveAll()
        {
            for (int file = 0; file < 3; file++)
            {
                Assert.Equal(Errno.None, tree.Unlink($"f{file}"));
            }

            Assert.Equal(0, tree.State.StripeCount);
            Assert.Equal(_stripes.Keys.Order(), tree.State.Released);
        }

        private void EnsureMade()
        {
            for (; _made < 3; _made++)
            {
                Assert.Equal(Errno.None, tree.Create($"f{_made}"));
            }
        }

        private void Write(int file, ulong inode, int offset, int length)
        {
            StripeEntry stripe = tree.NewStripe(length + 10);
            bool inline = tree.State.ReadInline(inode) is { Length: > 0 } content
                && (offset > 0 || length < content.Length);
            Errno error = tree.Do(new WriteStripe(inode, offset, length, stripe, 1));
            Assert.Equal(inline ? Errno.NotSupported : Errno.None, error);
            if (error == Errno.None)
            {
                _stripes[stripe.Stripe] = tree.Random.Bytes(length + 10);
                Paste(file, offset, _stripes[stripe.Stripe].AsSpan(0, length));
            }
        }

        private void Clone(int file, ulong inode, int source, int offset, int length)
        {
            ulong sourceInode = tree.Inode($"f{source}");
            int sourceOffset = tree.Random.Below(SizeMax);
            bool inline = tree.State.ReadInline(inode).Length > 0 || tree.State.ReadInline(sourceInode).Length > 0;
            bool overlap = source == file && Math.Abs(offset - sourceOffset) < length;
            bool within = sourceOffset + length <= _content[source].Length;
            Errno expected = inline ? Errno.NotSupported : within && !overlap ? Errno.None : Errno.Invalid;

            Errno error = tree.Do(new CloneRange(sourceInode, sourceOffset, inode, offset, length, 1));

            Assert.Equal(expected, error);
            if (error == Errno.None)
            {
                Paste(file, offset, _content[source].AsSpan(sourceOffset, length).ToArray());
            }
        }

        private void Paste(int file, int offset, ReadOnlySpan<byte> bytes)
        {
            if (_content[file].Length < offset + bytes.Length)
            {
                Array.Resize(ref _content[file], offset + bytes.Length);
            }

            bytes.CopyTo(_content[file].AsSpan(offset));
        }

        private byte[] Read(ulong inode)
        {
            byte[] read = new byte[tree.StatOf(inode).Size];
            tree.State.ReadInline(inode).Span.CopyTo(read);
            long end = 0;
            foreach (FileExtent extent in tree.State.ReadExtents(inode, 0, long.MaxValue))
            {
                Assert.True(extent.Offset >= end);
                end = extent.Offset + extent.Length;
                _stripes[extent.Stripe.Stripe].AsSpan(extent.StripeOffset, extent.Length)
                    .CopyTo(read.AsSpan((int)extent.Offset));
            }

            return read;
        }
    }
}
