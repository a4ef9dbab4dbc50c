using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>Gives recorded draws in their order.</summary>
internal sealed class PlaybackRandom(IEnumerable<string> draws) : IRandomSource
{
    private readonly Queue<string> _draws = new(draws);

    public int Left => _draws.Count;

    public void Fill(Span<byte> destination)
    {
        byte[] draw = Convert.FromHexString(_draws.Dequeue());
        Assert.Equal(destination.Length, draw.Length);
        draw.CopyTo(destination);
    }

    /// <summary>The next draw, as bytes.</summary>
    public byte[] Next() => Convert.FromHexString(_draws.Dequeue());
}
