using System.Globalization;

namespace SigmaComms.ConstantTime.Tests.Valgrind;

/// <summary>Which compiled method an address belongs to, from the file that the runtime writes for perf.</summary>
internal sealed class PerfMap
{
    private readonly List<(ulong Start, ulong Size, string Name)> _methods = [];

    /// <summary>Reads lines of start, size and name, the numbers in hexadecimal.</summary>
    public PerfMap(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ', 3);
            _methods.Add((Hexadecimal(parts[0]), Hexadecimal(parts[1]), NameOf(parts[2])));
        }

        _methods.Sort();
    }

    /// <summary>Type and method, or null if no compiled method is there.</summary>
    public string? Find(ulong address)
    {
        int index = _methods.BinarySearch((address, ulong.MaxValue, ""));
        (ulong start, ulong size, string name) = _methods[Math.Max(0, ~index - 1)];
        return address >= start && address - start < size ? name : null;
    }

    private static ulong Hexadecimal(string text) =>
        ulong.Parse(
            text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text,
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture);

    /// <summary>Of "bool [Assembly] Some.Space.Type::Method(...)[Optimized]" it is "Some.Space.Type.Method".</summary>
    private static string NameOf(string text)
    {
        int from = text.IndexOf("] ", StringComparison.Ordinal);
        int end = text.IndexOf('(', StringComparison.Ordinal);
        return from < 0 || end < from
            ? text
            : text[(from + 2)..end].Replace("::", ".", StringComparison.Ordinal);
    }
}
