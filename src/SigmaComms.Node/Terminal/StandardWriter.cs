using System.Text;

namespace SigmaComms.Node.Terminal;

/// <summary>Writes text to standard output and knows where it goes.</summary>
internal sealed class StandardWriter(PipeEnd end) : StreamWriter(end, new UTF8Encoding(false))
{
    private const int StandardOutput = 1;

    /// <summary>Where it goes.</summary>
    public PipeEnd End { get; } = end;

    /// <summary>The process's own; on Windows, which has no such pipes, the framework's.</summary>
    public static TextWriter OfProcess() =>
        OperatingSystem.IsWindows() ? Console.Out : new StandardWriter(new PipeEnd(StandardOutput));
}
