using System.Runtime.InteropServices;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using Xunit.Abstractions;

namespace SigmaComms.Vault.Tests.Namespace;

/// <summary>The kernel's own file system is asked the same, and must answer the same errno every time.</summary>
public sealed partial class RealFileSystemTests(ITestOutputHelper output)
{
    private const int CreateExclusive = 0xC1;
    private const int CurrentFolder = -100;
    private const string Nowhere = "nowhere";

    [LinuxFact]
    public void A_thousand_random_operations_get_the_errno_of_a_real_file_system()
    {
        SeededRandom random = Seeds.Of(output.WriteLine);

        // A tmpfs where there is one: layered file systems of containers do not rename everything.
        string place = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string folder = Directory.CreateDirectory(Path.Combine(place, $"sigma-vault-{Guid.NewGuid():N}")).FullName;
        try
        {
            for (int round = 0; round < 5; round++)
            {
                Compare(random, Directory.CreateDirectory(Path.Combine(folder, $"{round}")).FullName);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(SeededRandom random, string folder)
    {
        Tree tree = new(random);
        for (int step = 0; step < 400; step++)
        {
            string first = RandomPath(random);
            string second = RandomPath(random);
            int kind = random.Below(9);
            string what = $"step {step}: {kind} {first} {second}";

            Errno expected = (Errno)Real(kind, Path.Combine(folder, first), Path.Combine(folder, second), second);
            Errno got = Ours(tree, kind, first, second);

            Assert.True(expected == got, $"{what}: {expected} expected, got {got}");
        }

        Assert.Equal(Walk(folder), Walk(tree, ""));
    }

    private static Errno Ours(Tree tree, int kind, string first, string second) => kind switch
    {
        0 or 1 => tree.Mkdir(first),
        2 => tree.Create(first),
        3 => tree.Symlink(Nowhere, first),
        4 => tree.Link(first, second),
        5 => tree.Unlink(first),
        6 => tree.Rmdir(first),
        7 => tree.Rename(first, second),
        _ => tree.Rename(first, second, second.Length % 2 == 0 ? RenameMode.Exchange : RenameMode.KeepExisting),
    };

    private static int Real(int kind, string first, string second, string secondName)
    {
        int result = kind switch
        {
            0 or 1 => MakeFolder(first, 0x1ED),
            2 => Open(first, CreateExclusive, 0x1A4),
            3 => SymbolicLink(Nowhere, first),
            4 => HardLink(CurrentFolder, first, CurrentFolder, second, 0),
            5 => Unlink(first),
            6 => RemoveFolder(first),
            7 => Rename(CurrentFolder, first, CurrentFolder, second, 0),
            _ => Rename(CurrentFolder, first, CurrentFolder, second, secondName.Length % 2 == 0 ? 2u : 1u),
        };
        int error = result < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (kind == 2 && result >= 0)
        {
            _ = Close(result);
        }

        return error;
    }

    private static string RandomPath(SeededRandom random) =>
        string.Join('/', Enumerable.Range(0, 1 + random.Below(4)).Select(_ => "abc"[random.Below(3)]));

    private static List<string> Walk(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(info => Path.GetRelativePath(folder, info.FullName)
                + (info.LinkTarget is { } target ? $" -> {target}" : info is DirectoryInfo ? "/" : ""))
            .Order(StringComparer.Ordinal),
    ];

    private static List<string> Walk(Tree tree, string path)
    {
        List<string> found = [];
        foreach (string name in tree.Names(path))
        {
            string whole = path.Length == 0 ? name : $"{path}/{name}";
            InodeStat stat = tree.Stat(whole);
            string target = System.Text.Encoding.UTF8.GetString(tree.State.ReadInline(stat.Inode).Span);
            found.Add(whole + stat.Kind switch
            {
                FileKind.Directory => "/",
                FileKind.Symlink => $" -> {target}",
                _ => "",
            });
            if (stat.Kind == FileKind.Directory)
            {
                found.AddRange(Walk(tree, whole));
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolder(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SymbolicLink(string target, string path);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(int oldFolder, string path, int newFolder, string newPath, int flags);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int oldFolder, string path, int newFolder, string newPath, uint flags);
}
