using System.Diagnostics;
using System.Globalization;
using SigmaComms.FuseProbe.Calls;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>A process that makes system calls on a mount, which this one must not.</summary>
internal sealed class Probe : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private bool _isDisposed;

    public Probe()
        : this([])
    {
    }

    /// <summary>Started by another program, which is given the command to run as its last arguments.</summary>
    public Probe(string[] starter) => _process = Start(starter, "calls");

    public int ProcessId => _process.Id;

    /// <summary>Starts the program with other arguments.</summary>
    public static Process Start(string[] starter, params string[] arguments)
    {
        string[] command = [.. starter, "dotnet", "exec", typeof(CallLoop).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Makes a call and answers its value.</summary>
    /// <exception cref="CallException">It failed; with its error.</exception>
    public async Task<string> CallAsync(string name, params object[] arguments)
    {
        IEnumerable<string> words = arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!);
        await _process.StandardInput.WriteLineAsync(
            string.Join(' ', words.Prepend(name).Select(Uri.EscapeDataString)));
        await _process.StandardInput.FlushAsync();
        string answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit)
            ?? throw new InvalidOperationException("the probe has ended");
        string value = Uri.UnescapeDataString(answer[3..]);
        return answer.StartsWith("ok ", StringComparison.Ordinal)
            ? value
            : throw new CallException(int.Parse(value, CultureInfo.InvariantCulture));
    }

    /// <summary>Makes a call that answers a number.</summary>
    public async Task<long> NumberAsync(string name, params object[] arguments) =>
        long.Parse(await CallAsync(name, arguments), CultureInfo.InvariantCulture);

    /// <summary>Makes a call that fails and answers its error.</summary>
    public async Task<int> ErrorAsync(string name, params object[] arguments) =>
        (await Assert.ThrowsAsync<CallException>(() => CallAsync(name, arguments))).Error;

    /// <summary>What statx(2) says of a path.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StatusAsync(string path) =>
        (await CallAsync("stat", path)).Split(' ').Select(field => field.Split('='))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Ends the process as nothing can prevent.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
