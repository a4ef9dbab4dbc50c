using System.Globalization;
using System.Runtime.InteropServices;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Processes;

/// <summary>A process that was started before; its start tells it from a later one with the same id.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Start">Clock ticks since the machine started; 0 where the system does not tell.</param>
internal sealed record ProcessRecord(int Id, long Start)
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>This process.</summary>
    public static ProcessRecord Current => new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>A process that was started just now; null if it has ended already.</summary>
    public static ProcessRecord? Of(int id) => StartOf(id) is { } start ? new ProcessRecord(id, start) : null;

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => StartOf(Id) == Start;

    /// <summary>Reads a process file; null if there is none or it is damaged.</summary>
    public static ProcessRecord? Load(string path)
    {
        try
        {
            return ConfigurationObject.ReadFile(
                path,
                root => new ProcessRecord(
                    root.Number("process", 1, int.MaxValue),
                    long.Parse(root.Text("start"), NumberStyles.None, CultureInfo.InvariantCulture)));
        }
        catch (Exception fault) when (fault is Terminal.CommandException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Writes the process file.</summary>
    public void Save(string path) => JsonFile.Write(path, writer =>
    {
        writer.WriteNumber("process", Id);
        writer.WriteString("start", Start.ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>Asks it to stop, if it still runs.</summary>
    public void SendTerminate() => Send(Terminate);

    /// <summary>Ends it at once, if it still runs.</summary>
    public void SendKill() => Send(Kill);

    private static long? StartOf(int id)
    {
        try
        {
            // The name, in brackets, may hold spaces; the start is field 22, the state field 3.
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private void Send(int signal)
    {
        if (IsAlive)
        {
            _ = SendSignal(Id, signal);
        }
    }
}
