using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>Gives the same bytes each time, public or poisoned as they are.</summary>
internal sealed class FixedSource(byte[] bytes) : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
}
