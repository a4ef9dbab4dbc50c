using System.Diagnostics;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Models;

/// <summary>Has one model searched by the script, which says in one line what came of it.</summary>
internal static class ModelRun
{
    /// <summary>Asserts that the search of a model ends as it must.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="expected">holds or caught.</param>
    /// <param name="output">Receives the line.</param>
    public static async Task EndsAsync(string model, string expected, ITestOutputHelper output)
    {
        ProcessStartInfo start = new("bash", [Path.Combine(Root(), "tests", "tools", "spin-models.sh"), model])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        Task<string> errors = script.StandardError.ReadToEndAsync();
        string said = await script.StandardOutput.ReadToEndAsync() + await errors;
        await script.WaitForExitAsync();

        output.WriteLine(said);
        Assert.StartsWith($"{expected} ", said, StringComparison.Ordinal);
        Assert.Equal(0, script.ExitCode);
    }

    public static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No SigmaComms.sln above the tests.");
    }
}
