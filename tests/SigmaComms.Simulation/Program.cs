using System.Globalization;
using SigmaComms.Simulation.Runs;

namespace SigmaComms.Simulation;

/// <summary>./build.sh sim: plays one seed, or seeds for some minutes.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        ulong seed = arguments.Length > 0 ? ulong.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        RunResult result = Run.Play(new RunPlan { Seed = seed, Validators = 4 });
        Console.WriteLine(result);
        return result.IsGood ? 0 : 1;
    }
}
