using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;
using SigmaComms.EndToEnd.Tests.Vaults;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>A vault as a folder, with the machine's own programs on it.</summary>
public sealed class MountTests(OwnCluster cluster) : IClassFixture<OwnCluster>, IDisposable
{
    private const int Kill = 9;
    private const int Terminate = 15;

    private string Mounted => Path.Combine(cluster.Folder, "mounted");

    // A test that failed leaves its mount behind.
    public void Dispose() => SystemTool.Run("umount", "-l", Mounted);

    [MountFact]
    public async Task Programs_work_on_a_mounted_vault_and_all_is_there_after_a_killed_node_and_a_killed_mount()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string source = Path.Combine(cluster.Folder, "source");
        string folder = Mounted;
        LocalTree.Make(source);
        Directory.CreateDirectory(folder);
        await alpha.SucceedAsync("vault", "create", "work");

        // Programs, while a node dies.
        await using (SigmaProcess mount = await MountAsync(alpha, folder))
        {
            Do(folder, $"cp -a {source} tree && tar cf tree.tar tree");
            SigmaProcess.Signal(cluster.ProcessOf("n4"), Kill);
            Do(folder, "mkdir out && tar xf tree.tar -C out && diff -r --no-dereference tree out/tree");
            Do(folder, "rm -r out/tree && rmdir out");
            Do(folder, "echo one > a && ln a b && mv a c && ln -s c l && test \"$(cat l)\" = one && rm b c l");
            Do(folder, "exec 3<> open && rm open && echo kept >&3 && test \"$(cat /proc/self/fd/3)\" = kept");
            Do(folder, "truncate -s 5G sparse && test \"$(stat -c %s sparse)\" = 5368709120 && rm sparse");
            mount.Signal(Terminate);
            Assert.Equal(143, (await mount.WaitAsync()).ExitCode);
            Assert.DoesNotContain(folder, await File.ReadAllTextAsync("/proc/mounts"), StringComparison.Ordinal);
        }

        await cluster.UpAsync();

        // What fsync has answered outlives a kill -9; the dead mount gives way to the next.
        await using (SigmaProcess mount = await MountAsync(alpha, folder))
        {
            Do(folder, "dd if=tree.tar of=synced bs=64k conv=fsync status=none");
            mount.Signal(Kill);
            await mount.WaitAsync();
        }

        await using (SigmaProcess mount = await MountAsync(alpha, folder))
        {
            Do(folder, "cmp tree.tar synced");
            Finished described = SystemTool.Run("diff", "-r", "--no-dereference", source, Path.Combine(folder, "tree"));
            Assert.Equal("", described.Data);
            await alpha.SucceedAsync("vault", "unmount", folder);
            Assert.Equal(0, (await mount.WaitAsync()).ExitCode);
        }

        await alpha.SucceedAsync("vault", "get", "work:/tree", Path.Combine(cluster.Folder, "got"), "-r");
        Assert.Equal(LocalTree.Describe(source), LocalTree.Describe(Path.Combine(cluster.Folder, "got")));
    }

    [MountFact]
    public async Task What_keeps_a_vault_from_being_mounted_is_told()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        await alpha.SucceedAsync("vault", "create", "plain");
        string full = Path.Combine(cluster.Folder, "full");
        Directory.CreateDirectory(Path.Combine(full, "something"));

        Finished absent = await alpha.RunAsync("vault", "mount", "plain", Path.Combine(cluster.Folder, "absent"));
        Finished filled = await alpha.RunAsync("vault", "mount", "plain", full);
        Finished unknown = await alpha.RunAsync("vault", "mount", "nothing", full);
        Finished free = await alpha.RunAsync("vault", "unmount", full);

        Assert.Equal((3, 2, 3, 3), (absent.ExitCode, filled.ExitCode, unknown.ExitCode, free.ExitCode));
    }

    private static async Task<SigmaProcess> MountAsync(Account account, string folder)
    {
        SigmaProcess mount = account.Start("vault", "mount", "work", folder);
        await mount.NoteAsync(static line => line.Contains("is mounted on", StringComparison.Ordinal));
        return mount;
    }

    // In processes of their own, which end: a mount that hangs must not hang the tests.
    private static void Do(string folder, string script)
    {
        Finished done = SystemTool.Run("timeout", "-k", "5", "120", "sh", "-ec", $"cd '{folder}'; {script}");
        Assert.True(done.ExitCode == 0, $"{script}\n{done}");
    }
}
