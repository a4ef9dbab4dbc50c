using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Commands;

/// <summary>One command line run inside this process, with what it wrote.</summary>
internal sealed record CommandRun(ExitCode ExitCode, string Data, string Notes)
{
    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        using StringWriter data = new();
        using StringWriter notes = new();
        ExitCode code = await CommandLine.RunAsync(arguments, data, notes);
        return new CommandRun(code, data.ToString(), notes.ToString());
    }
}
