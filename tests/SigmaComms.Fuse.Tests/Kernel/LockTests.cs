using SigmaComms.Fuse.Files;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Locks between two processes, kept by the filesystem.</summary>
public sealed class LockTests
{
    [FuseFact]
    public async Task Posix_locks_hold_between_processes_until_the_file_is_closed()
    {
        await using MountedMemory mount = Mount();
        await using var first = new Probe();
        await using var second = new Probe();
        long one = await first.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        long two = await second.NumberAsync("open", mount["a"], ReadWrite, 0);

        await first.CallAsync("lock", one, SetLock, WriteLock, 10, 10);
        int held = await second.ErrorAsync("lock", two, SetLock, ReadLock, 15, 1);
        string who = await second.CallAsync("lock", two, GetLock, WriteLock, 0, 0);
        await second.CallAsync("lock", two, SetLock, WriteLock, 20, 5);
        await first.CallAsync("lock", one, SetLock, Unlock, 12, 2);
        await second.CallAsync("lock", two, SetLock, ReadLock, 12, 2);
        await first.CallAsync("close", one);
        await second.CallAsync("lock", two, SetLock, WriteLock, 0, 0);

        Assert.Equal((int)Errno.TryAgain, held);
        Assert.Equal("1 10 10", who);
        await second.CallAsync("close", two);
    }

    [FuseFact]
    public async Task Who_waits_for_a_posix_lock_gets_it_when_it_is_given_back()
    {
        await using MountedMemory mount = Mount();
        await using var first = new Probe();
        await using var second = new Probe();
        long one = await first.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        long two = await second.NumberAsync("open", mount["a"], ReadWrite, 0);
        await first.CallAsync("lock", one, SetLock, WriteLock, 0, 0);

        Task<string> waits = second.CallAsync("lock", two, SetLockWait, WriteLock, 0, 0);
        await mount.Files.LockAwaited.Task.WaitAsync(TimeSpan.FromMinutes(1));
        bool early = waits.IsCompleted;
        await first.CallAsync("lock", one, SetLock, Unlock, 0, 0);
        await waits;
        int held = await first.ErrorAsync("lock", one, SetLock, ReadLock, 0, 0);

        Assert.False(early);
        Assert.Equal((int)Errno.TryAgain, held);
        await first.CallAsync("close", one);
        await second.CallAsync("close", two);
    }

    [FuseFact]
    public async Task Flock_holds_between_processes_and_knows_nothing_of_posix_locks()
    {
        await using MountedMemory mount = Mount();
        await using var first = new Probe();
        await using var second = new Probe();
        long one = await first.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        long two = await second.NumberAsync("open", mount["a"], ReadWrite, 0);

        await first.CallAsync("flock", one, FlockExclusive);
        int held = await second.ErrorAsync("flock", two, FlockShared | FlockNonBlocking);
        await second.CallAsync("lock", two, SetLock, WriteLock, 0, 0);
        Task<string> waits = second.CallAsync("flock", two, FlockExclusive);
        await mount.Files.LockAwaited.Task.WaitAsync(TimeSpan.FromMinutes(1));
        bool early = waits.IsCompleted;
        await first.CallAsync("close", one);
        await waits;

        Assert.Equal((int)Errno.TryAgain, held);
        Assert.False(early);
        await second.CallAsync("close", two);
    }

    [FuseFact]
    public async Task A_killed_process_gives_back_its_locks_and_waits_no_more()
    {
        await using MountedMemory mount = Mount();
        await using var first = new Probe();
        await using var second = new Probe();
        await using var third = new Probe();
        long one = await first.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        long two = await second.NumberAsync("open", mount["a"], ReadWrite, 0);
        long three = await third.NumberAsync("open", mount["a"], ReadWrite, 0);
        await first.CallAsync("lock", one, SetLock, WriteLock, 0, 0);
        Task<string> waits = second.CallAsync("lock", two, SetLockWait, WriteLock, 0, 0);
        await mount.Files.LockAwaited.Task.WaitAsync(TimeSpan.FromMinutes(1));

        second.Kill();
        await Assert.ThrowsAsync<InvalidOperationException>(() => waits);
        first.Kill();
        await third.CallAsync("lock", three, SetLockWait, WriteLock, 0, 0);

        Assert.Equal("1 0 0", await third.CallAsync("lock", three, SetLock, WriteLock, 0, 0));
        await third.CallAsync("close", three);
    }

    private static MountedMemory Mount() => new(options =>
    {
        options.PosixLocks = true;
        options.FlockLocks = true;
    });
}
