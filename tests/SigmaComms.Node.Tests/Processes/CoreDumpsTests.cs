using SigmaComms.Node.Processes;

namespace SigmaComms.Node.Tests.Processes;

/// <summary>What a crash leaves on the disk.</summary>
public sealed class CoreDumpsTests
{
    [LinuxFact]
    public void No_core_file_may_be_written_once_they_are_off()
    {
        CoreDumps.TurnOff();

        string limit = File.ReadLines("/proc/self/limits")
            .Single(static line => line.StartsWith("Max core file size", StringComparison.Ordinal));
        Assert.Equal(["0", "0", "bytes"], limit["Max core file size".Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
