using System.Diagnostics;
using SigmaComms.ConstantTime.Tests.Probing;

namespace SigmaComms.ConstantTime.Tests;

/// <summary>What valgrind runs: every probe once, with its secrets poisoned.</summary>
internal static class Program
{
    private static int Main(string[] names)
    {
        using Memcheck memcheck = new();
        if (!memcheck.IsRunning)
        {
            Console.Error.WriteLine("Run this under valgrind; dotnet test does so.");
            return 2;
        }

        foreach (Probe probe in ProbeList.All.Where(probe => names.Length == 0 || names.Contains(probe.Name)))
        {
            long start = Stopwatch.GetTimestamp();
            string outcome = probe.Run(memcheck) ? "poisoned" : "clean";
            Console.WriteLine($"{probe.Name}: {outcome}, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        }

        return 0;
    }
}
