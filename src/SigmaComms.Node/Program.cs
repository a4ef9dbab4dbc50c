using SigmaComms.Node.Commands;

namespace SigmaComms.Node;

internal static class Program
{
    private static async Task<int> Main(string[] arguments) =>
        (int)await CommandLine.RunAsync(arguments, Console.Out, Console.Error);
}
