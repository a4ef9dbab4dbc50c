using System.Diagnostics;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Signals to processes that wait for the filesystem.</summary>
public sealed class InterruptTests
{
    private const int KilledBySignal = 128;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [FuseFact]
    public Task A_hanging_read_ends_when_its_process_is_told_to() => SignalAsync("TERM", 15);

    [FuseFact]
    public Task A_hanging_read_ends_when_its_process_is_killed() => SignalAsync("KILL", 9);

    private static async Task SignalAsync(string signal, int number)
    {
        await using var mount = new MountedMemory();
        await mount.ShellAsync("echo x >hangs");
        mount.Files.Hanging = mount.Files.Find("hangs");
        var start = new ProcessStartInfo("sh", ["-c", $"exec dd if='{mount["hangs"]}' bs=4096"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process reader = Process.Start(start)!;
        await mount.Files.HangBegan.Task.WaitAsync(Limit);
        bool early = mount.Files.HangEnded.Task.IsCompleted;

        using Process kill = Process.Start("kill", ["-s", signal, $"{reader.Id}"]);
        await mount.Files.HangEnded.Task.WaitAsync(Limit);
        await reader.WaitForExitAsync().WaitAsync(Limit);

        Assert.False(early);
        Assert.Equal(KilledBySignal + number, reader.ExitCode);
    }
}
