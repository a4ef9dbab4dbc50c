using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>OpenSSL 3.5 as another program, unpacked by tests/tools/openssl35.sh or named by SIGMA_OPENSSL35.</summary>
internal sealed class OpenSsl : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly List<(Regex Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly Task _reading;

    private OpenSsl(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Why the program cannot be had; null if it can.</summary>
    public static string? Absent { get; } = File.Exists(Program)
        ? null
        : "skipped: OpenSSL 3.5 is not here; run tests/tools/openssl35.sh or set SIGMA_OPENSSL35 to its folder";

    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    private static string Program => Path.Combine(Folder(), "run");

    public static OpenSsl Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new OpenSsl(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end, which must be a success.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        await using OpenSsl run = Start(arguments);
        await run._process.WaitForExitAsync().WaitAsync(Patience);
        await run._reading.WaitAsync(Patience);
        Assert.True(run._process.ExitCode == 0, $"openssl {arguments[0]}: {run.Said}");
        return run.Said;
    }

    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until the program has said it.</summary>
    public Task HearAsync(string text) => HearAsync(new Regex(Regex.Escape(text)));

    /// <summary>Waits until the program has said something like it.</summary>
    public async Task HearAsync(Regex text)
    {
        Task seen;
        lock (_said)
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, waiter));
            seen = waiter.Task;
            Notice();
        }

        try
        {
            await seen.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new XunitException($"openssl did not say '{text}' but:\n{Said}");
        }
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading.WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        char[] buffer = new char[4096];
        int size;
        while ((size = await reader.ReadAsync(buffer)) > 0)
        {
            lock (_said)
            {
                _said.Append(buffer, 0, size);
                Notice();
            }
        }
    }

    private void Notice()
    {
        string said = _said.ToString();
        foreach ((Regex text, TaskCompletionSource seen) in _awaited)
        {
            if (text.IsMatch(said))
            {
                seen.TrySetResult();
            }
        }
    }

    private static string Folder()
    {
        string? named = Environment.GetEnvironmentVariable("SIGMA_OPENSSL35");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "artifacts", "tools", "openssl35");
    }
}
