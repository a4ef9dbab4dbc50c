using System.Globalization;

namespace SigmaComms.Node.Terminal;

/// <summary>Numbers of bytes for people, in powers of ten as disks have them.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>For example "512 B", "1.2 MB".</summary>
    public static string Of(double bytes)
    {
        if (bytes < 1_000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(bytes, 0):F0} B");
        }

        int unit = -1;
        double amount = bytes;
        while (amount >= 999.95 && unit < Units.Length - 1)
        {
            amount /= 1_000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:F1} {Units[unit]}");
    }

    /// <summary>For example "1.2 MB/s"; "-" if no time has passed.</summary>
    public static string Rate(long bytes, TimeSpan time) =>
        time > TimeSpan.Zero ? $"{Of(bytes / time.TotalSeconds)}/s" : "-";
}
