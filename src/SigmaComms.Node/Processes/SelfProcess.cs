using System.Diagnostics;
using System.Reflection;

namespace SigmaComms.Node.Processes;

/// <summary>Starts this very executable again with other arguments.</summary>
internal static class SelfProcess
{
    /// <summary>The command line that runs sigma: the executable, or dotnet with the assembly.</summary>
    public static IReadOnlyList<string> Command { get; } = FindCommand();

    /// <summary>Starts a process that outlives this one and its terminal, with its output in a file.</summary>
    /// <param name="logFile">Receives both outputs.</param>
    /// <param name="arguments">sigma's arguments.</param>
    public static void StartDetached(string logFile, IReadOnlyList<string> arguments)
    {
        // setsid takes it out of the terminal's reach; the shell redirects, so that no pipe of ours is inherited.
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; umask 077; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(logFile);
        foreach (string argument in Command.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException("The shell did not start.");
    }

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
