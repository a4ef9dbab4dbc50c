using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SigmaComms.Bench.Vaults.Gluster;

/// <summary>
/// A GlusterFS volume, disperse 4+2, with six bricks that are processes of this machine, mounted by FUSE. It lives in
/// namespaces of its own, so that its mounts and processes are gone with it however this process ends.
/// </summary>
internal sealed class GlusterVolume : IAsyncDisposable
{
    /// <summary>Where Debian's packages were unpacked, if they are not installed.</summary>
    public const string Variable = "SIGMA_GLUSTER";

    private const string InstalledDaemon = "/usr/sbin/glusterd";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly Process _process;
    private readonly StringBuilder _notes = new();

    private GlusterVolume(string folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>The mounted volume, as this process sees it.</summary>
    public string Mount => string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/root{_folder}/mount");

    /// <summary>Bytes that the bricks' files take.</summary>
    public long UsedBytes => Enumerable.Range(1, 6).Sum(brick => Directory
        .EnumerateFiles(
            Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"brick{brick}"), "data"), "file*")
        .Sum(static file => new FileInfo(file).Length));

    /// <summary>Why there can be no volume here.</summary>
    /// <returns>Null if there can.</returns>
    public static string? FindObstacle()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "GlusterFS wants root";
        }

        if (!File.Exists("/dev/fuse"))
        {
            return "there is no /dev/fuse";
        }

        string unpacked = Environment.GetEnvironmentVariable(Variable) ?? "";
        return File.Exists(unpacked.Length > 0 ? Path.Combine(unpacked, "usr/sbin/glusterd") : InstalledDaemon)
            ? null
            : "GlusterFS is not installed: install Debian's glusterfs-server, or unpack it and the packages that it "
                + $"needs with dpkg-deb -x into one folder and name that in {Variable}";
    }

    /// <summary>Starts glusterd, makes the volume and mounts it.</summary>
    /// <param name="parent">Where its folder is made.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static async Task<GlusterVolume> StartAsync(string parent, CancellationToken ct)
    {
        string folder = Directory.CreateDirectory(
            Path.Combine(Path.GetFullPath(parent), $"sigma-bench-gluster-{Guid.NewGuid():N}")).FullName;
        string unpacked = Environment.GetEnvironmentVariable(Variable) ?? "";
        ProcessStartInfo start = new(
            "unshare",
            [
                "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
                "bash", "-c", GlusterScript.Text, "gluster", folder, unpacked,
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        GlusterVolume volume = new(folder, Process.Start(start)!);
        try
        {
            await volume.ReadyAsync(ct);
            return volume;
        }
        catch
        {
            await volume.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The first process of the namespace ends with its input, and the kernel ends the others with it.
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_notes)
            {
                _notes.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        string? said;
        try
        {
            said = await _process.StandardOutput.ReadLineAsync(ct).AsTask().WaitAsync(Patience, ct);
        }
        catch (TimeoutException)
        {
            said = "nothing in time";
        }

        if (said != "ready")
        {
            lock (_notes)
            {
                throw new InvalidOperationException($"GlusterFS did not start ({said ?? "it ended"}): {_notes}");
            }
        }
    }
}
