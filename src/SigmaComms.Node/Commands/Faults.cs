using System.Net.Sockets;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>Says in words what an exception from below means to the person at the terminal.</summary>
internal static class Faults
{
    /// <summary>What failed, why, and what to do next.</summary>
    public static CommandException Explain(Exception fault) => fault switch
    {
        CommandException known => known,
        UnauthorizedAccessException => new CommandException(
            ExitCode.NotAuthorised, "a file may not be used", fault.Message, "check its owner and permissions", fault),
        SocketException or IOException => new CommandException(
            ExitCode.Failure, "the machine refused", fault.Message, "check disk, permissions and network", fault),
        _ => new CommandException(
            ExitCode.Failure, "an unexpected fault", fault.Message,
                "run it again with --verbose and report what it says", fault),
    };
}
