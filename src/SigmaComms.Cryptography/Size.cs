using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography;

/// <summary>Length checks for arguments: a wrong length is the caller's bug.</summary>
internal static class Size
{
    /// <summary>Throws <see cref="ArgumentException"/> unless the span has exactly the given length in bytes.</summary>
    public static void Require(
        ReadOnlySpan<byte> span, int sizeBytes, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (span.Length != sizeBytes)
        {
            throw new ArgumentException($"{name} must have {sizeBytes} bytes, has {span.Length}.", name);
        }
    }
}
