using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Vault.Tests;

/// <summary>Gives the bytes from a first one on, each one more than the one before: for golden files.</summary>
internal sealed class CountingRandom(byte first) : IRandomSource
{
    private byte _next = first;

    public void Fill(Span<byte> destination)
    {
        foreach (ref byte value in destination)
        {
            value = _next;
            _next = unchecked((byte)(_next + 1));
        }
    }
}
