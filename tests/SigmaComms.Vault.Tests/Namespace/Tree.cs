using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Namespace;

/// <summary>A namespace with words for what tests do to it: paths instead of inodes, one operation a batch.</summary>
internal sealed class Tree(SeededRandom random, NamespaceState state, ulong lastInode)
{
    public static readonly NodeId Alice = NodeId.Of("alice"u8);
    public static readonly NodeId Bob = NodeId.Of("bob"u8);
    private static readonly Ownership Owner = new(0x1A4, 1000, 1000);

    private ulong _lastInode = lastInode;
    private long _time;

    public Tree(SeededRandom random)
        : this(random, new NamespaceState(), 100)
    {
    }

    public NamespaceState State { get; } = state;

    public SeededRandom Random => random;

    public ulong NextInode() => ++_lastInode;

    public long Now() => ++_time;

    public Errno Do(NamespaceOperation operation, NodeId writer = default) =>
        State.Apply(writer, 1, [operation]).Error;

    public BatchOutcome DoAll(params NamespaceOperation[] operations) => State.Apply(Alice, 1, operations);

    public ulong Inode(string path)
    {
        Assert.Equal(Errno.None, Find(path, out ulong inode));
        return inode;
    }

    /// <summary>Follows links as a kernel does, to nowhere: no link of a test points to anything.</summary>
    public Errno Find(string path, out ulong inode)
    {
        inode = 1;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            ulong parent = inode;
            Errno error = State.Lookup(parent, EntryName.Of(name), out inode);
            if (error != Errno.None)
            {
                return IsLink(parent) ? Errno.NotFound : error;
            }
        }

        return Errno.None;
    }

    private bool IsLink(ulong inode) => State.TryStat(inode, out InodeStat stat) && stat.Kind == FileKind.Symlink;

    public InodeStat Stat(string path) => StatOf(Inode(path));

    public InodeStat StatOf(ulong inode)
    {
        Assert.True(State.TryStat(inode, out InodeStat stat));
        return stat;
    }

    public Errno Create(string path, FileKind kind = FileKind.Regular)
    {
        Errno error = Parent(path, out ulong parent, out EntryName name);
        return error != Errno.None ? error : Do(new Make(parent, name, NextInode(), kind, Owner, 0, Now()));
    }

    public Errno Mkdir(string path) => Create(path, FileKind.Directory);

    public Errno Symlink(string target, string path)
    {
        Errno error = Parent(path, out ulong parent, out EntryName name);
        return error != Errno.None ? error : Do(new MakeSymlink(
            parent, name, NextInode(), System.Text.Encoding.UTF8.GetBytes(target), Owner, Now()));
    }

    public Errno Link(string source, string path)
    {
        Errno error = Find(source, out ulong inode);
        if (error != Errno.None)
        {
            return error;
        }

        error = Parent(path, out ulong parent, out EntryName name);
        return error != Errno.None ? error : Do(new Link(inode, parent, name, Now()));
    }

    public Errno Unlink(string path)
    {
        Errno error = Parent(path, out ulong parent, out EntryName name);
        return error != Errno.None ? error : Do(new Unlink(parent, name, Now()));
    }

    public Errno Rmdir(string path)
    {
        Errno error = Parent(path, out ulong parent, out EntryName name);
        return error != Errno.None ? error : Do(new RemoveDirectory(parent, name, Now()));
    }

    public Errno Rename(string from, string to, RenameMode mode = RenameMode.Replace)
    {
        Errno error = Parent(from, out ulong parent, out EntryName name);
        if (error != Errno.None)
        {
            return error;
        }

        error = Parent(to, out ulong newParent, out EntryName newName);
        return error != Errno.None ? error : Do(new Rename(parent, name, newParent, newName, mode, Now()));
    }

    public Errno Parent(string path, out ulong parent, out EntryName name)
    {
        int slash = path.LastIndexOf('/');
        name = EntryName.Of(path[(slash + 1)..]);
        Errno error = Find(slash < 0 ? "" : path[..slash], out parent);
        if (error == Errno.None && !(State.TryStat(parent, out InodeStat stat) && stat.Kind == FileKind.Directory))
        {
            return IsLink(parent) ? Errno.NotFound : Errno.NotDirectory;
        }

        return error;
    }

    public string[] Names(string path) =>
        [.. State.List(Inode(path)).Select(item => item.Name.ToString()).Order(StringComparer.Ordinal)];

    public StripeEntry NewStripe(int length)
    {
        StripeLayout layout = new(length, 1, 1);
        Digest[] roots = [new Digest(random.Bytes(32)), new Digest(random.Bytes(32))];
        return new StripeEntry(new StripeId(random.Bytes(16)), layout, random.Bytes(32), random.Bytes(16), roots);
    }

    public Digest Digest() => NamespaceSnapshot.DigestOf(State);
}
