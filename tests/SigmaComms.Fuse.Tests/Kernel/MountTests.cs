using System.Diagnostics;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Memory;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Mounting and unmounting with the real kernel.</summary>
public sealed class MountTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [FuseFact]
    public async Task A_file_that_is_written_by_a_shell_is_read_back_by_another()
    {
        await using var mount = new MountedMemory();

        await mount.ShellAsync("mkdir d && printf hello >d/a && mv d/a b");
        string read = await mount.ShellAsync("cat b; ls -A d");
        Agreement agreement = await mount.Session.Agreed;

        Assert.Equal("hello", read);
        Assert.Equal(7u, agreement.Major);
        Assert.True(agreement.Minor >= Negotiation.MinorMin);
        Assert.True(agreement.Flags.HasFlag(InitFlags.ParallelDirectoryOperations | InitFlags.MaxPages));
    }

    [FuseFact]
    public void A_directory_that_cannot_be_mounted_on_is_a_reason_of_its_own()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fuse-test-");
        string file = Path.Combine(folder.FullName, "file");
        File.WriteAllText(file, "");

        MountFailure missing = Refusal(file + "s");
        MountFailure notDirectory = Refusal(file);
        MountFailure notEmpty = Refusal(folder.FullName);
        folder.Delete(recursive: true);

        Assert.Equal(MountFailure.DirectoryMissing, missing);
        Assert.Equal(MountFailure.NotDirectory, notDirectory);
        Assert.Equal(MountFailure.NotEmpty, notEmpty);
    }

    [FuseFact]
    public async Task A_directory_is_mounted_on_once_even_by_another_path()
    {
        await using var mount = new MountedMemory();
        string link = mount.Folder + "-link";
        File.CreateSymbolicLink(link, mount.Folder);

        MountFailure again = Refusal(mount.Folder);
        MountFailure byLink = Refusal(link);
        MountFailure other = Refusal("/proc");
        File.Delete(link);

        Assert.Equal(MountFailure.AlreadyMounted, again);
        Assert.Equal(MountFailure.AlreadyMounted, byLink);
        Assert.Equal(MountFailure.AlreadyMounted, other);
    }

    [FuseFact]
    public async Task What_a_killed_process_left_mounted_is_detached_by_the_next_mount()
    {
        string folder = Directory.CreateTempSubdirectory("fuse-test-").FullName;
        await using var probe = new Probe();
        using (Process server = Probe.Start([], "serve", folder))
        {
            Assert.Equal("mounted", await server.StandardOutput.ReadLineAsync().WaitAsync(Limit));
            server.Kill();
            await server.WaitForExitAsync().WaitAsync(Limit);
        }

        int stale = await probe.ErrorAsync("stat", folder + "/a");
        var files = new MemoryFileSystem(TimeProvider.System);
        await using (FuseSession session = FuseSession.Mount(folder, files, new FuseOptions()))
        {
            long file = await probe.NumberAsync("open", folder + "/a", Create | WriteOnly, Rw);
            await probe.CallAsync("close", file);
        }

        string? left = MountTable.TypeAt(folder);
        Directory.Delete(folder);
        Assert.Equal((int)Errno.NotConnected, stale);
        Assert.Null(left);
    }

    [FuseFact]
    public async Task A_mount_that_another_unmounts_ends_its_session()
    {
        await using var mount = new MountedMemory();
        await mount.Session.Agreed;

        Unmounter.Unmount(mount.Folder);
        await mount.Session.Ended.WaitAsync(Limit);
        UnmountOutcome outcome = await mount.Session.UnmountAsync(CancellationToken.None);

        Assert.Equal(UnmountOutcome.AlreadyGone, outcome);
        Assert.True(mount.Files.IsDestroyed);
    }

    [FuseFact]
    public async Task A_mount_in_use_is_taken_out_of_sight_and_served_until_it_is_free()
    {
        await using var mount = new MountedMemory(options => options.UnmountWait = TimeSpan.Zero);
        await using var probe = new Probe();
        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);

        UnmountOutcome outcome = await mount.Session.UnmountAsync(CancellationToken.None);
        string? seen = MountTable.TypeAt(mount.Folder);
        await probe.CallAsync("write", file, "0102", 0);
        string read = await probe.CallAsync("read", file, 2, 0);
        bool early = mount.Session.Ended.IsCompleted;
        await probe.CallAsync("close", file);
        await mount.Session.Ended.WaitAsync(Limit);

        Assert.Equal(UnmountOutcome.Detached, outcome);
        Assert.Null(seen);
        Assert.Equal("0102", read);
        Assert.False(early);
        Assert.Equal(1, mount.Files.Flushes);
    }

    [FuseFact]
    public async Task Disposing_under_load_ends_the_readers_and_those_who_write()
    {
        var mount = new MountedMemory(options => options.UnmountWait = TimeSpan.FromMilliseconds(200));
        string script = $"cd '{mount.Folder}' && echo began && i=0 && "
            + "while echo x >f$((i % 50)) && rm f$((i % 50)); do i=$((i + 1)); done";
        var start = new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process first = Process.Start(start)!;
        using Process second = Process.Start(start)!;
        await first.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        await second.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        await Eventually.HoldsAsync(() => mount.Session.RequestsServed > 500);

        await mount.DisposeAsync();
        await first.WaitForExitAsync().WaitAsync(Limit);
        await second.WaitForExitAsync().WaitAsync(Limit);

        Assert.True(mount.Session.Ended.IsCompletedSuccessfully);
        Assert.Null(MountTable.TypeAt(mount.Folder));
        Assert.Contains("f", await first.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [FuseFact]
    public async Task A_read_only_mount_refuses_to_write()
    {
        await using var mount = new MountedMemory(options => options.ReadOnly = true);
        await using var probe = new Probe();

        int refused = await probe.ErrorAsync("open", mount["a"], Create | WriteOnly, Rw);

        Assert.Equal((int)Errno.ReadOnly, refused);
    }

    private static MountFailure Refusal(string directory) =>
        Assert.Throws<FuseMountException>(
            () => FuseSession.Mount(directory, new MemoryFileSystem(TimeProvider.System), new FuseOptions())).Reason;
}
