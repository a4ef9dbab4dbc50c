using System.Globalization;
using SigmaComms.Cryptography;

namespace SigmaComms.Simulation.Worlds;

/// <summary>One line of a trace; made text only when somebody reads it.</summary>
internal readonly record struct TraceEntry(
    TimeSpan At, int Node, string What, ulong First, ulong Second, Digest Digest)
{
    public override string ToString()
    {
        string node = Node < 0 ? "  " : $"n{Node}";
        string digest = Digest == default ? "" : " " + Digest.ToString()[..8];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{At.TotalMilliseconds,10:F3} ms {node,-3} {What} {First} {Second}{digest}");
    }
}
