using System.Security.Cryptography;

namespace SigmaComms.Cryptography;

/// <summary>Secret bytes in pinned memory that the collector does not copy; zeroed when disposed.</summary>
/// <remarks>Not safe for use and <see cref="Dispose"/> at the same time from two threads.</remarks>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    /// <summary>Makes zeroed room for a secret.</summary>
    /// <param name="sizeBytes">Size in bytes, at least 0.</param>
    public SecretBytes(int sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        _bytes = GC.AllocateArray<byte>(sizeBytes, pinned: true);
    }

    /// <summary>Copies a secret; the caller zeroes the source.</summary>
    /// <param name="source">The secret.</param>
    public SecretBytes(ReadOnlySpan<byte> source)
        : this(source.Length)
    {
        source.CopyTo(_bytes);
    }

    /// <summary>Size in bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>The secret itself; do not keep the span past the owner's life.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>Compares in time that depends on the lengths only.</summary>
    /// <param name="other">The bytes to compare with.</param>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(Span, other);

    /// <summary>An independent copy.</summary>
    public SecretBytes Clone() => new(Span);

    /// <summary>Says the size only.</summary>
    public override string ToString() => $"SecretBytes({_bytes.Length})";

    /// <summary>Zeroes the memory. May be called twice.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
