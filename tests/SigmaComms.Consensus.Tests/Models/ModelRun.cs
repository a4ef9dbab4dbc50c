using System.Collections.Concurrent;
using System.Diagnostics;

namespace SigmaComms.Consensus.Tests.Models;

/// <summary>One run of all models, begun by the first test that wants a result; each result is there when it is.</summary>
public sealed class ModelRun : IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _lines = new();
    private readonly Lazy<Process> _script;
    private readonly TaskCompletionSource<string> _ended = new();

    public ModelRun() => _script = new Lazy<Process>(Start);

    /// <summary>The line that the script printed about a model, or what it said before it ended without one.</summary>
    /// <param name="model">The model's name.</param>
    public async Task<string> LineOfAsync(string model)
    {
        _ = _script.Value;
        Task<string> line = Line(model).Task;
        await Task.WhenAny(line, _ended.Task);
        return line.IsCompleted ? await line : $"no word about {model}; {await _ended.Task}";
    }

    public void Dispose()
    {
        if (!_script.IsValueCreated)
        {
            return;
        }

        if (!_script.Value.HasExited)
        {
            _script.Value.Kill(entireProcessTree: true);
        }

        _script.Value.Dispose();
    }

    internal static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No SigmaComms.sln above the tests.");
    }

    private Process Start()
    {
        ProcessStartInfo start = new("bash", [Path.Combine(Root(), "tests", "tools", "spin-models.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process script = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        _ = ReadAsync(script);
        return script;
    }

    private async Task ReadAsync(Process script)
    {
        Task<string> errors = script.StandardError.ReadToEndAsync();
        while (await script.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] words = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1)
            {
                Line(words[1]).TrySetResult(line);
            }
        }

        _ended.TrySetResult($"the script ended and said: {await errors}");
    }

    private TaskCompletionSource<string> Line(string model) => _lines.GetOrAdd(
        model, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
