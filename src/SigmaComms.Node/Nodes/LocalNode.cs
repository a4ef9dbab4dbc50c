using System.Diagnostics;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Nodes;

/// <summary>A node of this data folder as a process of its own: started, awaited, stopped.</summary>
internal sealed class LocalNode
{
    private const int LogTailLines = 12;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly SigmaHome _home;
    private readonly TimeProvider _time;

    /// <summary>Names the node; nothing is started.</summary>
    /// <param name="home">The data folder.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="time">The clock.</param>
    public LocalNode(SigmaHome home, string name, TimeProvider time)
    {
        _home = home;
        _time = time;
        Name = name;
        Folder = home.Node(name);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its files.</summary>
    public NodeFolder Folder { get; }

    /// <summary>The process that runs it; null if there is none.</summary>
    public ProcessRecord? Running => ProcessRecord.Load(Folder.ProcessFile) is { IsAlive: true } alive ? alive : null;

    /// <summary>Why the cluster refused it when it ran last; null if it did not.</summary>
    public string? Refusal
    {
        get
        {
            try
            {
                return File.ReadAllText(Folder.RefusedFile);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>Leaves word in its folder that the cluster refused it, until the node takes part again.</summary>
    /// <param name="reason">Why, in words.</param>
    public void NoteRefused(string reason) =>
        SigmaHome.WritePrivate(Folder.RefusedFile, System.Text.Encoding.UTF8.GetBytes(reason));

    /// <summary>Waits until its process has ended.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Whether it has.</returns>
    public async Task<bool> WaitEndedAsync(TimeSpan patience, CancellationToken stop)
    {
        long start = _time.GetTimestamp();
        while (Running is not null)
        {
            if (_time.GetElapsedTime(start) > patience)
            {
                return false;
            }

            await Task.Delay(Pause, _time, stop);
        }

        return true;
    }

    /// <summary>Starts it in a process that outlives this one; nothing if it runs already.</summary>
    /// <param name="clusterFile">The cluster's public file.</param>
    /// <returns>Whether it was started.</returns>
    public bool Start(string clusterFile)
    {
        if (Running is not null)
        {
            return false;
        }

        // It shall be decided anew; until then nobody takes the word of before for this one's.
        File.Delete(Folder.RefusedFile);
        using Process started =
            SelfProcess.StartDetached(
                Folder.LogFile,
                ["node", "run", Name, "--home", _home.Root, "--cluster", Path.GetFullPath(clusterFile)]);
        started.StandardInput.Close();

        // From now on it can be stopped, also before it has come to tell its id itself.
        ProcessRecord.Of(started.Id)?.Save(Folder.ProcessFile);
        return true;
    }

    /// <summary>Waits until it answers and sees all the named nodes up.</summary>
    /// <param name="probe">Asks it.</param>
    /// <param name="expected">Names of nodes, itself too.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandException">It ended, or was not ready in time.</exception>
    public async Task<ClusterStatus> WaitReadyAsync(
        ClusterProbe probe, IReadOnlyCollection<string> expected, CancellationToken stop)
    {
        NodeConfiguration configuration =
            ConfigurationObject.ReadFile(Folder.ConfigurationFile, NodeConfiguration.Read);
        long start = _time.GetTimestamp();
        bool seen = false;
        string why = "it does not answer";
        while (_time.GetElapsedTime(start) < ReadyTimeout)
        {
            bool alive = Running is not null;
            if (seen && !alive)
            {
                throw Ended();
            }

            seen |= alive;
            try
            {
                ClusterStatus status = await probe.AskAsync(configuration.Advertise, stop);
                string[] absent = [.. expected.Except(UpIn(status)).Where(IsAwaited)];
                if (absent.Length == 0)
                {
                    return status;
                }

                why = $"it does not see {string.Join(", ", absent)}";
            }
            catch (CommandException fault) when (fault.ExitCode == ExitCode.Unavailable)
            {
                why = fault.Why;
            }

            await Task.Delay(Pause, _time, stop);
        }

        throw new CommandException(
            ExitCode.Unavailable, $"node {Name} is not ready", $"{why}\n{LogTail()}", $"read {Folder.LogFile}");
    }

    /// <summary>Asks it to stop, waits, and ends it by force if it does not.</summary>
    /// <returns>False if it did not run.</returns>
    public async Task<bool> StopAsync(CancellationToken stop)
    {
        if (Running is not { } process)
        {
            return false;
        }

        process.SendTerminate();
        if (!await HasEndedAsync(process, stop))
        {
            process.SendKill();
            await HasEndedAsync(process, stop);
        }

        File.Delete(Folder.ProcessFile);
        return true;
    }

    private async Task<bool> HasEndedAsync(ProcessRecord process, CancellationToken stop)
    {
        long start = _time.GetTimestamp();
        while (process.IsAlive)
        {
            if (_time.GetElapsedTime(start) > StopTimeout)
            {
                return false;
            }

            await Task.Delay(Pause, _time, stop);
        }

        return true;
    }

    // Another node that the cluster refuses is no reason to wait.
    private bool IsAwaited(string name) => name == Name || !File.Exists(_home.Node(name).RefusedFile);

    private static IEnumerable<string> UpIn(ClusterStatus status) =>
        status.Members.Where(member => member.State == MemberState.Up).Select(member => member.Name);

    /// <summary>A process that ended by itself has said why in its last three lines.</summary>
    private CommandException Ended()
    {
        const string what = "sigma: ";
        const string why = "  why:  ";
        const string next = "  next: ";
        string title = $"node {Name} is not ready";
        return ReadLog() is [.., var last2, var last1, var last] && last2.StartsWith(what, StringComparison.Ordinal)
            && last1.StartsWith(why, StringComparison.Ordinal) && last.StartsWith(next, StringComparison.Ordinal)
            ? new CommandException(
                ExitCode.Unavailable, title, $"{last2[what.Length..]}: {last1[why.Length..]}", last[next.Length..])
            : new CommandException(
                ExitCode.Unavailable, title, $"its process ended\n{LogTail()}", $"read {Folder.LogFile}");
    }

    private string[] ReadLog() => File.Exists(Folder.LogFile) ? File.ReadAllLines(Folder.LogFile) : [];

    private string LogTail()
    {
        string[] lines = ReadLog();
        return string.Join('\n', lines.TakeLast(LogTailLines).Select(line => "        " + line));
    }
}
