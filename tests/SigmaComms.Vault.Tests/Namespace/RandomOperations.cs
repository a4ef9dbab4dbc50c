using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Namespace;

/// <summary>Draws operations of every kind that often, but not always, succeed.</summary>
internal sealed class RandomOperations(Tree tree)
{
    public NodeId Writer() => tree.Random.Below(2) == 0 ? Tree.Alice : Tree.Bob;

    public NamespaceOperation[] Batch() =>
        [.. Enumerable.Range(0, 1 + tree.Random.Below(4)).Select(_ => Next())];

    public NamespaceOperation Next() => tree.Random.Below(26) switch
    {
        0 or 1 or 2 => new Make(
            Directory(), Name(), tree.NextInode(), FileKind.Directory, Owner(), 0, tree.Now()),
        3 or 4 or 5 => new Make(Directory(), Name(), tree.NextInode(), FileKind.Regular, Owner(), 0, tree.Now()),
        6 => new MakeSymlink(
            Directory(), Name(), tree.NextInode(), "target"u8.ToArray(), Owner(), tree.Now()),
        7 => new MakeUnnamed(tree.NextInode(), Owner(), -tree.Now()),
        8 => new Link(File(), Directory(), Name(), tree.Now()),
        9 => new Unlink(Directory(), Name(), tree.Now()),
        10 => new RemoveDirectory(Directory(), Name(), tree.Now()),
        11 or 12 => new Rename(
            Directory(), Name(), Directory(), Name(), (RenameMode)tree.Random.Below(3), tree.Now()),
        13 => new SetAttributes(
            Inode(), AttributeFields.Mode | AttributeFields.AccessedAt, new(0x1FF, 0, 0), -5, 0, tree.Now()),
        14 => new Truncate(File(), tree.Random.Below(20_000), tree.Now()),
        15 or 16 => new WriteStripe(File(), tree.Random.Below(9_000), 700, tree.NewStripe(800), tree.Now()),
        17 => new WriteInline(File(), tree.Random.Bytes(tree.Random.Below(20)), tree.Now()),
        18 => new PunchHole(File(), tree.Random.Below(9_000), 500, tree.Now()),
        19 => new CloneRange(File(), tree.Random.Below(900), File(), tree.Random.Below(9_000), 400, tree.Now()),
        20 => new SetXattr(Inode(), Name().Bytes.ToArray(), tree.Random.Bytes(5),
            (XattrMode)tree.Random.Below(3), tree.Now()),
        21 => new RemoveXattr(Inode(), Name().Bytes.ToArray(), tree.Now()),
        22 => new SetLock(Inode(), LockSpace.Record, (ulong)tree.Random.Below(3), tree.Random.Below(50),
            50 + tree.Random.Below(50), (LockKind)tree.Random.Below(3)),
        23 => tree.Random.Below(2) == 0 ? new Hold(Inode()) : new Release(Inode()),
        24 => new ReleaseWriter(Writer()),
        _ => Condition(),
    };

    private NamespaceOperation Condition() => tree.Random.Below(4) switch
    {
        0 => new RequireEntry(Inode(), Name(), Inode()),
        1 => new RequireVersion(Inode(), (ulong)tree.Random.Below(5)),
        2 => new TakeLease((ulong)tree.Random.Below(3)),
        _ => new RequireLease((ulong)tree.Random.Below(3)),
    };

    private static Ownership Owner() => new(0x1ED, 7, 8);

    private EntryName Name() => EntryName.Of(((char)('a' + tree.Random.Below(5))).ToString());

    private ulong Directory() => Pick(FileKind.Directory);

    private ulong File() => Pick(FileKind.Regular);

    private ulong Inode() => Pick(tree.Random.Below(2) == 0 ? FileKind.Directory : FileKind.Regular);

    /// <summary>Nearly always one of the kind.</summary>
    private ulong Pick(FileKind kind)
    {
        ulong[] all = [.. tree.State.Store.Inodes.Select(inode => inode.Id).Order()];
        ulong[] fitting = [.. all.Where(id => tree.StatOf(id).Kind == kind)];
        ulong[] choice = fitting.Length > 0 && tree.Random.Below(12) > 0 ? fitting : all;
        return tree.Random.Below(40) == 0 ? 99 : choice[tree.Random.Below(choice.Length)];
    }
}
