using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Namespace;

public sealed class NamespaceStateTests
{
    private readonly Tree _tree = new(new SeededRandom(1));

    [Fact]
    public void Of_two_writers_who_rename_one_file_the_first_in_the_order_wins_and_the_second_learns_it()
    {
        _tree.Create("a");
        ulong inode = _tree.Inode("a");
        Rename first = new(1, EntryName.Of("a"), 1, EntryName.Of("b"), RenameMode.Replace, 5);
        Rename second = new(1, EntryName.Of("a"), 1, EntryName.Of("c"), RenameMode.Replace, 6);

        Errno[] errors = [_tree.Do(first, Tree.Alice), _tree.Do(second, Tree.Bob)];

        Assert.Equal([Errno.None, Errno.NotFound], errors);
        Assert.Equal(["b"], _tree.Names(""));
        Assert.Equal(inode, _tree.Inode("b"));
    }

    [Fact]
    public void Two_renames_that_would_make_a_ring_of_directories_leave_a_tree()
    {
        _tree.Mkdir("a");
        _tree.Mkdir("b");
        ulong a = _tree.Inode("a");
        ulong b = _tree.Inode("b");

        // Each is right for its writer, who has not yet seen the other.
        Errno first = _tree.Do(new Rename(1, EntryName.Of("a"), b, EntryName.Of("a"), RenameMode.Replace, 1));
        Errno second = _tree.Do(new Rename(1, EntryName.Of("b"), a, EntryName.Of("b"), RenameMode.Replace, 1));

        Assert.Equal((Errno.None, Errno.Invalid), (first, second));
        Assert.Equal(b, _tree.State.ParentOf(a));
        Assert.Equal(3, _tree.StatOf(b).Links);
    }

    [Theory]
    [InlineData("d", "d/x/y", RenameMode.Replace, Errno.Invalid)]
    [InlineData("d", "d/x", RenameMode.Replace, Errno.Invalid)]
    [InlineData("d", "full", RenameMode.Replace, Errno.NotEmpty)]
    [InlineData("d", "file", RenameMode.Replace, Errno.NotDirectory)]
    [InlineData("file", "empty", RenameMode.Replace, Errno.IsDirectory)]
    [InlineData("d/x", "d", RenameMode.Replace, Errno.NotEmpty)]
    [InlineData("d/x", "d", RenameMode.Exchange, Errno.Invalid)]
    [InlineData("file", "other", RenameMode.KeepExisting, Errno.Exists)]
    [InlineData("file", "none", RenameMode.Exchange, Errno.NotFound)]
    [InlineData("none", "file", RenameMode.Replace, Errno.NotFound)]
    [InlineData("d", "empty", RenameMode.Replace, Errno.None)]
    [InlineData("file", "d", RenameMode.Exchange, Errno.None)]
    [InlineData("file", "file", RenameMode.Replace, Errno.None)]
    public void A_rename_is_judged_as_POSIX_says(string from, string to, RenameMode mode, Errno expected)
    {
        foreach (string directory in (string[])["d", "d/x", "full", "full/y", "empty"])
        {
            Assert.Equal(Errno.None, _tree.Mkdir(directory));
        }

        _tree.Create("file");
        _tree.Create("other");
        Digest before = _tree.Digest();

        Errno error = _tree.Rename(from, to, mode);

        Assert.Equal(expected, error);
        Assert.Equal(expected == Errno.None && from != to, before != _tree.Digest());
    }

    [Fact]
    public void Links_are_counted_and_the_last_one_takes_the_file_and_releases_its_stripes()
    {
        _tree.Create("a");
        StripeEntry stripe = _tree.NewStripe(5_000);
        ulong inode = _tree.Inode("a");
        _tree.Do(new WriteStripe(inode, 0, 5_000, stripe, 3));
        _tree.Link("a", "b");
        _tree.Mkdir("d");

        Assert.Equal(2, _tree.Stat("a").Links);
        Assert.Equal(Errno.NotPermitted, _tree.Link("d", "e"));
        Assert.Equal(Errno.Exists, _tree.Link("a", "b"));
        Assert.Equal(Errno.None, _tree.Rename("a", "b"));
        Assert.Equal(["a", "b", "d"], _tree.Names(""));
        Assert.Equal(Errno.None, _tree.Unlink("a"));
        Assert.True(_tree.State.IsLive(stripe.Stripe));
        Assert.Equal(Errno.None, _tree.Unlink("b"));
        Assert.False(_tree.State.TryStat(inode, out _));
        Assert.False(_tree.State.IsLive(stripe.Stripe));
        Assert.Equal([stripe.Stripe], _tree.State.Released);
    }

    [Fact]
    public void A_file_that_is_held_outlives_its_names_until_the_last_holder_lets_go()
    {
        _tree.Create("a");
        ulong inode = _tree.Inode("a");
        StripeEntry stripe = _tree.NewStripe(100);
        _tree.Do(new WriteStripe(inode, 0, 100, stripe, 3));
        _tree.Do(new Hold(inode), Tree.Alice);
        _tree.Do(new Hold(inode), Tree.Bob);
        _tree.Unlink("a");

        Assert.Equal(0, _tree.StatOf(inode).Links);
        Assert.Equal(Errno.None, _tree.Do(new Release(inode), Tree.Alice));
        Assert.Equal(Errno.Invalid, _tree.Do(new Release(inode), Tree.Alice));
        Assert.True(_tree.State.TryStat(inode, out _));
        Assert.Equal(Errno.None, _tree.Do(new ReleaseWriter(Tree.Bob), Tree.Alice));
        Assert.False(_tree.State.TryStat(inode, out _));
        Assert.Equal([stripe.Stripe], _tree.State.Released);
    }

    [Fact]
    public void A_removed_directory_that_is_held_takes_no_more_names()
    {
        _tree.Mkdir("d");
        ulong directory = _tree.Inode("d");
        _tree.Do(new Hold(directory), Tree.Alice);
        _tree.Rmdir("d");

        Errno error = _tree.Do(new Make(
            directory, EntryName.Of("x"), 77, FileKind.Regular, default, 0, 1));

        Assert.Equal(Errno.NotFound, error);
        Assert.Equal(0, _tree.StatOf(directory).Links);
    }

    [Fact]
    public void A_file_without_a_name_gets_one_or_goes()
    {
        _tree.Do(new MakeUnnamed(50, default, 1), Tree.Alice);
        _tree.Do(new MakeUnnamed(51, default, 1), Tree.Alice);
        _tree.Do(new Link(50, 1, EntryName.Of("named"), 2), Tree.Alice);

        _tree.Do(new ReleaseWriter(Tree.Alice), Tree.Alice);

        Assert.Equal(50UL, _tree.Inode("named"));
        Assert.False(_tree.State.TryStat(51, out _));
    }

    [Fact]
    public void A_batch_of_which_one_operation_fails_leaves_nothing_behind()
    {
        _tree.Mkdir("d");
        _tree.Create("d/a");
        ulong file = _tree.Inode("d/a");
        ulong directory = _tree.Inode("d");
        _tree.Do(new WriteStripe(file, 0, 9_000, _tree.NewStripe(9_000), 3));
        Digest before = _tree.Digest();

        BatchOutcome outcome = _tree.DoAll(
            new Make(directory, EntryName.Of("b"), 900, FileKind.Directory, default, 0, 1),
            new Make(900, EntryName.Of("c"), 901, FileKind.Regular, default, 0, 1),
            new WriteStripe(901, 0, 10, _tree.NewStripe(10), 3),
            new WriteStripe(file, 100, 10, _tree.NewStripe(10), 3),
            new Unlink(directory, EntryName.Of("a"), 4),
            new Rename(directory, EntryName.Of("b"), 1, EntryName.Of("e"), RenameMode.Replace, 4),
            new SetXattr(901, "user.x"u8.ToArray(), new byte[3], XattrMode.Any, 4),
            new SetLock(901, LockSpace.Record, 1, 0, 9, LockKind.Exclusive),
            new Hold(901),
            new TakeLease(0),
            new RemoveDirectory(1, EntryName.Of("none"), 5));

        Assert.Equal(new BatchOutcome(Errno.NotFound, 10), outcome);
        Assert.Equal(before, _tree.Digest());
        Assert.Empty(_tree.State.Released);
    }

    [Fact]
    public void Conditions_fail_for_whoever_comes_later()
    {
        _tree.Create("a");
        ulong inode = _tree.Inode("a");
        ulong version = _tree.StatOf(inode).Version;
        NamespaceOperation[] batch = [new RequireVersion(inode, version), new WriteInline(inode, new byte[3], 9)];

        Assert.Equal(BatchOutcome.Done, _tree.DoAll(batch));
        Assert.Equal(new BatchOutcome(Errno.Stale, 0), _tree.DoAll(batch));
        Assert.Equal(Errno.Stale, _tree.Do(new RequireEntry(1, EntryName.Of("a"), 0)));
        Assert.Equal(Errno.Stale, _tree.Do(new RequireEntry(1, EntryName.Of("b"), inode)));
        Assert.Equal(Errno.None, _tree.Do(new RequireEntry(1, EntryName.Of("a"), inode)));
        Assert.Equal(Errno.None, _tree.Do(new RequireEntry(1, EntryName.Of("b"), 0)));
    }

    [Fact]
    public void Whoever_lost_the_lease_is_fenced_off()
    {
        Assert.Equal(Errno.None, _tree.Do(new TakeLease(0), Tree.Alice));
        Assert.Equal(Errno.None, _tree.Do(new RequireLease(1), Tree.Alice));
        Assert.Equal(Errno.Stale, _tree.Do(new RequireLease(1), Tree.Bob));
        Assert.Equal(Errno.Stale, _tree.Do(new TakeLease(0), Tree.Bob));
        Assert.Equal(Errno.None, _tree.Do(new TakeLease(1), Tree.Bob));
        Assert.Equal(Errno.Stale, _tree.Do(new RequireLease(1), Tree.Alice));
        Assert.Equal((Tree.Bob, 2UL), (_tree.State.LeaseHolder, _tree.State.LeaseEpoch));
    }

    [Fact]
    public void Locks_of_two_mounts_exclude_each_other_and_ranges_are_split_and_freed()
    {
        _tree.Create("a");
        ulong inode = _tree.Inode("a");
        Errno Take(NodeId writer, long first, long last, LockKind kind, LockSpace space = LockSpace.Record) =>
            _tree.Do(new SetLock(inode, space, 7, first, last, kind), writer);

        Assert.Equal(Errno.None, Take(Tree.Alice, 0, 99, LockKind.Exclusive));
        Assert.Equal(Errno.Again, Take(Tree.Bob, 50, 50, LockKind.Shared));
        Assert.Equal(Errno.None, Take(Tree.Bob, 50, 50, LockKind.Shared, LockSpace.WholeFile));
        Assert.Equal(Errno.None, Take(Tree.Alice, 40, 59, LockKind.None));
        Assert.Equal(Errno.None, Take(Tree.Bob, 50, 50, LockKind.Shared));
        Assert.Equal(Errno.None, Take(Tree.Alice, 45, 55, LockKind.Shared));
        Assert.Equal(Errno.Again, Take(Tree.Alice, 45, 55, LockKind.Exclusive));
        Assert.Equal(5, _tree.State.Locks(inode).Count);
        Assert.Equal(Errno.None, _tree.Do(new ReleaseWriter(Tree.Alice)));
        Assert.All(_tree.State.Locks(inode), held => Assert.Equal(Tree.Bob, held.Writer));
        Assert.Equal(2, _tree.State.Locks(inode).Count);
    }

    [Fact]
    public void Extended_attributes_are_set_replaced_listed_and_removed()
    {
        _tree.Create("a");
        ulong inode = _tree.Inode("a");
        Errno Set(string name, int size, XattrMode mode = XattrMode.Any) => _tree.Do(new SetXattr(
            inode, System.Text.Encoding.ASCII.GetBytes(name), new byte[size], mode, 1));

        Assert.Equal(Errno.NoData, Set("user.b", 1, XattrMode.Replace));
        Assert.Equal(Errno.None, Set("user.b", 1, XattrMode.Create));
        Assert.Equal(Errno.Exists, Set("user.b", 1, XattrMode.Create));
        Assert.Equal(Errno.None, Set("user.a", 16_384));
        Assert.Equal(Errno.None, Set("user.b", 16_384, XattrMode.Replace));
        Assert.Equal(Errno.None, Set("user.c", 16_384));
        Assert.Equal(Errno.NoSpace, Set("user.d", 16_384));
        Assert.Equal(Errno.None, _tree.Do(new RemoveXattr(inode, "user.a"u8.ToArray(), 1)));
        Assert.Equal(Errno.NoData, _tree.Do(new RemoveXattr(inode, "user.a"u8.ToArray(), 1)));
        Assert.Equal(Errno.NoData, _tree.State.GetXattr(inode, "user.a"u8, out _));
        Assert.Equal(Errno.None, _tree.State.GetXattr(inode, "user.b"u8, out ReadOnlyMemory<byte> value));
        Assert.Equal(16_384, value.Length);
        Assert.Equal(2, _tree.State.ListXattrs(inode).Count());
    }

    [Fact]
    public void A_listing_goes_on_where_it_was_while_entries_come_and_go()
    {
        for (int i = 0; i < 100; i++)
        {
            _tree.Create($"f{i}");
        }

        List<string> seen = [];
        ulong cookie = 0;
        for (int round = 0; round < 10; round++)
        {
            foreach (DirectoryItem item in _tree.State.List(1, cookie).Take(10))
            {
                seen.Add(item.Name.ToString());
                cookie = item.Cookie;
            }

            // Gone behind and ahead of the listing, and new ones in between.
            _tree.Unlink($"f{round}");
            _tree.Unlink($"f{99 - round}");
            _tree.Create($"n{round}");
        }

        seen.AddRange(_tree.State.List(1, cookie).Select(item => item.Name.ToString()));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(Enumerable.Range(10, 80), i => Assert.Contains($"f{i}", seen));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void What_is_no_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => EntryName.Of(name));

    [Fact]
    public void Names_have_1_to_255_bytes_of_UTF_8()
    {
        Assert.True(EntryName.TryCreate(new byte[255].Select(_ => (byte)'x').ToArray(), out _));
        Assert.False(EntryName.TryCreate(new byte[256].Select(_ => (byte)'x').ToArray(), out _));
        Assert.False(EntryName.TryCreate([0xFF], out _));
        Assert.False(EntryName.TryCreate([0xC0, 0xAF], out _));
        Assert.False(EntryName.TryCreate([0xED, 0xA0, 0x80], out _));
        Assert.True(EntryName.TryCreate("..."u8, out _));
        Assert.True(EntryName.TryCreate("ä€😀"u8, out _));
    }

    [Fact]
    public void Directories_count_their_subdirectories()
    {
        _tree.Mkdir("d");
        _tree.Mkdir("d/x");
        _tree.Mkdir("e");
        _tree.Create("f");
        Assert.Equal(4, _tree.Stat("").Links);
        Assert.Equal(3, _tree.Stat("d").Links);

        _tree.Rename("d/x", "e/x");
        Assert.Equal((2, 3), (_tree.Stat("d").Links, _tree.Stat("e").Links));

        _tree.Rename("e/x", "f", RenameMode.Exchange);
        Assert.Equal((2, 5), (_tree.Stat("e").Links, _tree.Stat("").Links));
        Assert.Equal(1UL, _tree.State.ParentOf(_tree.Inode("f")));
        Assert.Equal(Errno.None, _tree.Rmdir("f"));
        Assert.Equal(4, _tree.Stat("").Links);
    }
}
