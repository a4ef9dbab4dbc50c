using System.Diagnostics;
using System.Globalization;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Networks;

/// <summary>
/// A network of its own for the processes that are started in it. It has no name: a process that waits for this one
/// holds it, so that even a killed test run leaves nothing behind.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private readonly Process _holder;

    public NetworkNamespace()
    {
        ProcessStartInfo start = new(SystemTool.Find("unshare")!, ["--net", "cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _holder = Process.Start(start)!;

        // It answers only once the namespace is made.
        _holder.StandardInput.WriteLine("made");
        _holder.StandardInput.Flush();
        if (_holder.StandardOutput.ReadLine() != "made")
        {
            string why = _holder.StandardError.ReadToEnd();
            Dispose();
            throw new InvalidOperationException($"unshare: {why}");
        }
    }

    /// <summary>A process in it, by which other programs name it.</summary>
    public int Holder => _holder.Id;

    /// <summary>What nsenter wants to be told.</summary>
    public string EnterOption => string.Create(CultureInfo.InvariantCulture, $"--net=/proc/{Holder}/ns/net");

    /// <summary>Runs lines of ip(8).</summary>
    public void Configure(params string[] lines)
    {
        Finished finished = SystemTool.Feed(
            string.Join('\n', lines) + "\n", "nsenter", EnterOption, SystemTool.Find("ip")!, "-batch", "-");
        if (finished.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join("; ", lines)}: {finished}");
        }
    }

    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
