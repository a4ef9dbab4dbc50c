using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node;

internal static class Program
{
    private static async Task<int> Main(string[] arguments) =>
        (int)await CommandLine.RunAsync(arguments, StandardWriter.OfProcess(), Console.Error);
}
