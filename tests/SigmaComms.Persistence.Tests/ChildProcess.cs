using System.Diagnostics;

namespace SigmaComms.Persistence.Tests;

/// <summary>This assembly as a process of its own, to be killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };

        // The runtime's own double mapping needs a large file, which the file size limit would forbid.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        _process = Process.Start(start)!;
    }

    private static string Assembly => typeof(ChildProcess).Assembly.Location;

    private static string Host =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    public static ChildProcess Start(string verb, string path) => new(Host, Assembly, verb, path);

    /// <summary>Starts it with a limit on the size of the files it writes; a write beyond fails with EFBIG.</summary>
    public static ChildProcess StartLimited(string verb, string path, int fileKiB) => new(
        "bash",
        "-c",
        $"trap '' XFSZ; ulimit -f {fileKiB}; exec \"$@\"",
        "bash",
        Host,
        Assembly,
        verb,
        path);

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync();

    public async Task<List<string>> ReadToEndAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>SIGKILL; what it had printed before can still be read.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
