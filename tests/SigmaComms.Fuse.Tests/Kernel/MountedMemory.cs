using System.Diagnostics;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Memory;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>
/// A filesystem in memory, mounted on a folder of its own, and a watchdog that ends the connection by force so that no
/// process hangs in it for ever.
/// </summary>
internal sealed class MountedMemory : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("fuse-test-").FullName;
    private readonly ITimer _watchdog;
    private readonly List<string> _faults = [];

    public MountedMemory(Action<FuseOptions>? configure = null)
    {
        Files = new MemoryFileSystem(TimeProvider.System);
        var options = new FuseOptions
        {
            AllowOther = true,
            Faulted = (opcode, fault) =>
            {
                lock (_faults)
                {
                    _faults.Add($"{opcode}: {fault}");
                }
            },
        };
        configure?.Invoke(options);
        Session = FuseSession.Mount(_folder, Files, options);
        _watchdog = TimeProvider.System.CreateTimer(
            _ => Unmounter.Abort(_folder), null, Patience, Timeout.InfiniteTimeSpan);
    }

    public MemoryFileSystem Files { get; }

    public FuseSession Session { get; }

    public string Folder => _folder;

    /// <summary>What went wrong inside; tests expect nothing.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>A path on the mount.</summary>
    public string this[string name] => $"{_folder}/{name}";

    /// <summary>Runs a shell with the mount as its folder and answers what it printed.</summary>
    public async Task<string> ShellAsync(string script)
    {
        // Changed to by the shell itself: the starter would look at the folder from this process.
        var start = new ProcessStartInfo("sh", ["-c", $"cd '{_folder}' && {script}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process shell = Process.Start(start)!;
        Task<string> errors = shell.StandardError.ReadToEndAsync();
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        string words = await errors;
        Assert.True(shell.ExitCode == 0, $"exit code {shell.ExitCode}: {words}");
        return output.TrimEnd();
    }

    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync();
        await Session.DisposeAsync();
        await Session.Ended.WaitAsync(Patience);
        Directory.Delete(_folder);
        Assert.Empty(Faults);
        Assert.Equal(0, Session.RequestsMalformed);
        Assert.True(Files.IsDestroyed);
    }
}
