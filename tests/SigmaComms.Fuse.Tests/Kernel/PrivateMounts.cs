using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>
/// Processes that see mounts of their own, with a /dev/fuse that any user may open, as on most machines, whatever the
/// rights are on this one. What they mount ends with the last of them.
/// </summary>
internal sealed class PrivateMounts : IAsyncDisposable
{
    private const string Setup =
        "mknod -m 666 \"$0/fuse\" c 10 229 && mount --bind \"$0/fuse\" /dev/fuse && exec \"$@\"";

    private readonly string _device = Directory.CreateTempSubdirectory("fuse-device-").FullName;

    public PrivateMounts() =>
        First = new Probe(["unshare", "--mount", "--propagation", "private", "sh", "-c", Setup, _device]);

    /// <summary>The process that has made them.</summary>
    public Probe First { get; }

    /// <summary>One more process that sees the same.</summary>
    public async Task<Probe> AnotherAsync()
    {
        // Until the first one answers, it may not have mounts of its own yet.
        await First.CallAsync("umask", 0x12);
        return new Probe(["nsenter", "--mount", "--target", $"{First.ProcessId}"]);
    }

    /// <summary>What these processes see mounted on a directory.</summary>
    public static string? TypeAt(Probe probe, string directory) =>
        MountTable.TypeAt(directory, File.ReadLines($"/proc/{probe.ProcessId}/mountinfo"));

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        Directory.Delete(_device, recursive: true);
    }
}
