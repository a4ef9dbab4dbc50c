using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>Passes another source's bytes on and keeps them.</summary>
internal sealed class RecordingRandom(IRandomSource source) : IRandomSource
{
    private readonly List<string> _draws = [];

    public string[] Draws => [.. _draws];

    public void Fill(Span<byte> destination)
    {
        source.Fill(destination);
        _draws.Add(Convert.ToHexStringLower(destination));
    }
}
