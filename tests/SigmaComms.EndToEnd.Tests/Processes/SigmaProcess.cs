using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using SigmaComms.EndToEnd.Tests.Networks;

namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>One run of the real executable, with its output read line by line.</summary>
internal sealed class SigmaProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _noteLines = Channel.CreateUnbounded<string>();
    private readonly List<string> _data = [];
    private readonly List<string> _notes = [];
    private readonly Task _readers;

    private SigmaProcess(Process process)
    {
        _process = process;
        _readers =
            Task.WhenAll(ReadAsync(process.StandardOutput, _data, _lines.Writer),
                ReadAsync(process.StandardError, _notes, _noteLines.Writer));
    }

    /// <summary>The executable that the build made beside these tests.</summary>
    public static string Executable { get; } = BuiltBeside("SigmaComms.Node", "sigma");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Notes
    {
        get
        {
            lock (_notes)
            {
                return string.Join('\n', _notes);
            }
        }
    }

    public static SigmaProcess Start(string home, params string[] arguments) =>
        Start(home, new Dictionary<string, string>(), arguments);

    public static SigmaProcess Start(string home, IReadOnlyDictionary<string, string> environment,
        params string[] arguments) => Start(Executable, home, environment, arguments);

    /// <summary>Starts the executable in a network of its own.</summary>
    public static SigmaProcess StartWithin(NetworkNamespace network, string home, params string[] arguments) => Start(
        SystemTool.Find("nsenter")!, home, new Dictionary<string, string>(),
        [network.EnterOption, Executable, .. arguments]);

    /// <summary>Starts the node whose signer contradicts itself.</summary>
    public static SigmaProcess StartEquivocator(string home, string node) => Start(
        BuiltBeside("SigmaComms.Equivocator", "SigmaComms.Equivocator"), home, new Dictionary<string, string>(),
        [node]);

    private static SigmaProcess Start(
        string program, string home, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("SIGMA_", StringComparison.Ordinal))
            .ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["SIGMA_HOME"] = home;
        start.Environment["SIGMA_PASSWORD"] = "correct horse";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new SigmaProcess(Process.Start(start)!);
    }

    /// <summary>Runs a line of the shell in which sigma is the executable.</summary>
    public static async Task<Finished> RunShellAsync(
        string home, IReadOnlyDictionary<string, string> environment, string script)
    {
        await using SigmaProcess process = Start(
            "/bin/bash", home, environment, ["-c", $"sigma() {{ '{Executable}' \"$@\"; }}; {script}"]);
        process._process.StandardInput.Close();
        return await process.WaitAsync();
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Finished> RunAsync(string home, params string[] arguments)
    {
        await using SigmaProcess process = Start(home, arguments);
        process._process.StandardInput.Close();
        return await process.WaitAsync();
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task<Finished> SucceedAsync(string home, params string[] arguments)
    {
        Finished finished = await RunAsync(home, arguments);
        Assert.True(finished.ExitCode == 0, $"sigma {string.Join(' ', arguments)}\n{finished}");
        return finished;
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Gives it bytes; ends when it has taken all but what a pipe holds.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes);
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>The next line of data that fits; those before it are passed over.</summary>
    public Task<string> DataAsync(Func<string, bool> fits) => NextAsync(_lines.Reader, fits);

    /// <summary>The next line on standard error that fits; those before it are passed over.</summary>
    public Task<string> NoteAsync(Func<string, bool> fits) => NextAsync(_noteLines.Reader, fits);

    public async Task<Finished> WaitAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Still running after {Patience}. {this}");
        }

        await _readers;
        return new Finished(_process.ExitCode, string.Join('\n', _data), string.Join('\n', _notes));
    }

    public void Signal(int signal) => Signal(_process.Id, signal);

    public static void Signal(int process, int signal) => Assert.Equal(0, SendSignal(process, signal));

    /// <summary>Command lines of the running processes that name a folder.</summary>
    public static IReadOnlyList<string> AllWith(string folder) =>
    [
        .. Directory.GetDirectories("/proc").Select(CommandOf)
            .Where(command => command.Contains(folder, StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _readers;
        _process.Dispose();
    }

    public override string ToString()
    {
        lock (_data)
        {
            return $"data:\n{string.Join('\n', _data.TakeLast(40))}\nnotes:\n{Notes}";
        }
    }

    private static string BuiltBeside(string project, string program) => Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!,
        project,
        new DirectoryInfo(AppContext.BaseDirectory).Name,
        program);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private async Task<string> NextAsync(ChannelReader<string> lines, Func<string, bool> fits)
    {
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await foreach (string line in lines.ReadAllAsync(limit.Token))
            {
                if (fits(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No such line in {Patience}. {this}");
        }

        throw new InvalidOperationException($"The process ended without such a line. {this}");
    }

    private static async Task ReadAsync(StreamReader reader, List<string> lines, ChannelWriter<string> writer)
    {
        while (await reader.ReadLineAsync() is string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }

            writer.TryWrite(line);
        }

        writer.TryComplete();
    }
}
