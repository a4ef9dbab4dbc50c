using SigmaComms.Node.Commands;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        CoreDumps.TurnOff();
        return (int)await CommandLine.RunAsync(arguments, StandardWriter.OfProcess(), Console.Error);
    }
}
