namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>A file system of a few megabytes in memory. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(int sizeMiB)
    {
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={sizeMiB}m,mode=700", "tmpfs", Path));
    }

    /// <summary>Why it cannot be used here; null if it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    public string Path { get; } = Directory.CreateTempSubdirectory("sigma-disk-").FullName;

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "mounting a small file system needs root on Linux";
        }

        string folder = Directory.CreateTempSubdirectory("sigma-disk-").FullName;
        bool mounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0;
        if (mounted)
        {
            Run("umount", folder);
        }

        Directory.Delete(folder);
        return mounted ? null : "this machine does not let root mount a tmpfs";
    }

    private static int Run(string command, params string[] arguments) =>
        SystemTool.Run(command, arguments).ExitCode;
}
