using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Tests.Entropy;

/// <summary>A device that gives what was recorded; after its end it gives the last byte for ever.</summary>
internal sealed class ReplayedSource(byte[] recorded) : IRandomSource
{
    public int Position { get; private set; }

    public void Fill(Span<byte> destination)
    {
        foreach (ref byte sample in destination)
        {
            sample = recorded[Math.Min(Position++, recorded.Length - 1)];
        }
    }
}
