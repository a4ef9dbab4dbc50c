using System.Runtime.InteropServices;

namespace SigmaComms.Node.Processes;

/// <summary>A crash must not write keys to the disk: this process and those it starts leave no core files.</summary>
/// <remarks>
/// The kernel does not heed the limit for a core that it pipes to a program; systemd-coredump, the usual one, does. The
/// runtime's own dumps are off unless the environment asks for them.
/// </remarks>
internal static class CoreDumps
{
    private const int CoreSize = 4;

    /// <summary>Sets the largest core file to nothing, for good. Does nothing on other systems than Linux.</summary>
    public static void TurnOff()
    {
        if (OperatingSystem.IsLinux())
        {
            // It can only fail for a limit that is to be raised.
            _ = SetLimit(CoreSize, new nuint[2]);
        }
    }

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, nuint[] softAndHard);
}
