using System.Diagnostics;
using System.Reflection;

namespace SigmaComms.Node.Processes;

/// <summary>Starts this very executable again with other arguments.</summary>
internal static class SelfProcess
{
    /// <summary>The command line that runs sigma: the executable, or dotnet with the assembly.</summary>
    public static IReadOnlyList<string> Command { get; } = FindCommand();

    /// <summary>Starts a process that outlives this one and its terminal, with its output in a file.</summary>
    /// <param name="logFile">Receives both outputs after what is there.</param>
    /// <param name="arguments">sigma's arguments.</param>
    /// <returns>The process, with its standard input open; disposing it does not end it.</returns>
    public static Process StartDetached(string logFile, IReadOnlyList<string> arguments)
    {
        // setsid takes it out of the terminal's reach; the shell redirects, so that no pipe of ours is inherited. Each
        // replaces the one before: the process keeps its id.
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; umask 077; exec setsid \"$@\" >>\"$log\" 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(logFile);
        foreach (string argument in Command.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The shell did not start.");
    }

    /// <summary>Starts a process whose three streams this one holds; the caller disposes it.</summary>
    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">sigma's arguments.</param>
    /// <param name="showsNotes">Whether it shares this process's standard error, where progress is shown.</param>
    public static Process Start(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, bool showsNotes = false)
    {
        ProcessStartInfo start = new(Command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = !showsNotes,
        };
        foreach (string argument in Command.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string own in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(own);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">sigma's arguments.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="showsNotes">Whether it shares this process's standard error, where progress is shown.</param>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Text)> RunAsync(
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> arguments,
        CancellationToken stop,
        bool showsNotes = false)
    {
        using Process process = Start(environment, arguments, showsNotes);

        // It cleans up and ends; what it began must not go on after this one has given up.
        await using CancellationTokenRegistration stopping = stop.Register(
            () => ProcessRecord.Of(process.Id)?.SendTerminate());
        process.StandardInput.Close();
        Task<string> notes = showsNotes
            ? Task.FromResult("")
            : process.StandardError.ReadToEndAsync(CancellationToken.None);
        string data = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return (process.ExitCode, await notes + data);
    }

    private static bool IsOurs(string variable) => variable.StartsWith("SIGMA_", StringComparison.Ordinal);

    private static IReadOnlyList<string> FindCommand()
    {
        string executable = Environment.ProcessPath ?? throw new InvalidOperationException("No path of this process.");
        string assembly = Assembly.GetExecutingAssembly().Location;
        string beside = Path.Combine(AppContext.BaseDirectory, "sigma");
        return Path.GetFileNameWithoutExtension(executable) switch
        {
            "sigma" => [executable],
            _ when File.Exists(beside) => [beside],
            _ => [executable, assembly],
        };
    }
}
