using System.Diagnostics;

namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>Programs of the system, run to their end; for what takes no time and is no node.</summary>
internal static class SystemTool
{
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    /// <summary>The path of a program; null if it is not here. Some are where only root looks.</summary>
    public static string? Find(string program) =>
        Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program.</summary>
    public static Finished Run(string program, params string[] arguments) => Feed("", program, arguments);

    /// <summary>Runs a program that must succeed.</summary>
    public static string Succeed(string program, params string[] arguments)
    {
        Finished finished = Run(program, arguments);
        Assert.True(finished.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{finished}");
        return finished.Data;
    }

    /// <summary>Runs a program that reads.</summary>
    public static Finished Feed(string input, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(Find(program) ?? program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> data = process.StandardOutput.ReadToEndAsync();
        Task<string> notes = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new Finished(process.ExitCode, data.GetAwaiter().GetResult(), notes.GetAwaiter().GetResult());
    }
}
