using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Entropy;

/// <summary>The operating system's cryptographic random generator.</summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <standard>getrandom(2) through the framework.</standard>
public sealed class SystemRandom : IRandomSource
{
    private SystemRandom()
    {
    }

    /// <summary>The one instance.</summary>
    public static SystemRandom Instance { get; } = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
