using System.Globalization;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Disks;

/// <summary>A small disk with a real file system, which can be made slow or to stand still. Needs root.</summary>
internal sealed class LoopDisk : IDisposable
{
    private const string Throttles = "/sys/fs/cgroup/blkio";

    private readonly string _folder = Directory.CreateTempSubdirectory("sigma-loop-").FullName;
    private readonly List<string> _groups = [];
    private bool _isFrozen;

    public LoopDisk(int sizeMiB)
    {
        string image = System.IO.Path.Combine(_folder, "image");
        Path = System.IO.Path.Combine(_folder, "disk");
        Directory.CreateDirectory(Path);
        try
        {
            using (FileStream file = File.Create(image))
            {
                file.SetLength((long)sizeMiB << 20);
            }

            Run("mkfs.ext4", "-q", "-F", image);
            Run("mount", "-o", "loop", image, Path);
        }
        catch
        {
            Directory.Delete(_folder, recursive: true);
            throw;
        }
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Why it cannot be made slow here; null if it can.</summary>
    public static string? ThrottleObstacle { get; } = Obstacle
        ?? (File.Exists(System.IO.Path.Combine(Throttles, "blkio.throttle.write_iops_device"))
            ? null
            : "this machine has no control groups of version 1 that throttle a disk");

    public string Path { get; }

    /// <summary>Writes that were made under a throttle.</summary>
    public long ThrottledWrites => _groups.Sum(group => File
        .ReadLines(System.IO.Path.Combine(group, "blkio.throttle.io_serviced"))
        .Select(line => line.Split(' '))
        .Where(words => words is [_, "Write", _])
        .Sum(words => long.Parse(words[2], CultureInfo.InvariantCulture)));

    /// <summary>What processes write waits until it is thawed.</summary>
    public void Freeze()
    {
        Run("fsfreeze", "--freeze", Path);
        _isFrozen = true;
    }

    public void Thaw()
    {
        if (_isFrozen)
        {
            Run("fsfreeze", "--unfreeze", Path);
            _isFrozen = false;
        }
    }

    /// <summary>Lets a process make only so many writes to it each second, until it is told that it may.</summary>
    public void Throttle(int process, int writesPerSecond)
    {
        string group = System.IO.Path.Combine(Throttles, System.IO.Path.GetFileName(_folder));
        Directory.CreateDirectory(group);
        _groups.Add(group);
        File.WriteAllText(
            System.IO.Path.Combine(group, "blkio.throttle.write_iops_device"),
            string.Create(CultureInfo.InvariantCulture, $"{Device()} {writesPerSecond}"));
        Enter(group, process);
    }

    /// <summary>Takes a process out of its group.</summary>
    public static void Unthrottle(int process) => Enter(Throttles, process);

    public void Dispose()
    {
        Thaw();
        SystemTool.Run("umount", "-l", Path);
        Directory.Delete(_folder, recursive: true);

        // One that a process is still in stays; it has no disk any more.
        _groups.ForEach(group => SystemTool.Run("rmdir", group));
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "a disk of its own needs root on Linux";
        }

        string[] tools = ["mkfs.ext4", "mount", "umount", "fsfreeze", "findmnt"];
        string[] missing = [.. tools.Where(tool => SystemTool.Find(tool) is null)];
        if (missing.Length > 0)
        {
            return $"not installed: {string.Join(", ", missing)}";
        }

        try
        {
            using LoopDisk disk = new(sizeMiB: 4);
            disk.Freeze();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"this machine does not let root mount a file as a disk: {refused.Message}";
        }
    }

    private static void Enter(string group, int process) => File.WriteAllText(
        System.IO.Path.Combine(group, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));

    // Its two numbers, as major:minor.
    private string Device() => Run("findmnt", "--noheadings", "--output", "MAJ:MIN", "--target", Path).Trim();

    private static string Run(string program, params string[] arguments)
    {
        Finished finished = SystemTool.Run(program, arguments);
        return finished.ExitCode == 0
            ? finished.Data
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {finished}");
    }
}
