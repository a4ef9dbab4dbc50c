using System.Globalization;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>What the kernel says of a process's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>The most that was resident at once since its start, in MiB.</summary>
    /// <returns>Null if the process is gone.</returns>
    public static double? PeakMebibytes(int process)
    {
        try
        {
            string? line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
                .FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            string? kibibytes = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return kibibytes is null ? null : double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            // It ended between two lines, as processes do.
            return null;
        }
    }
}
