using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Memory outside the collector's heap, aligned for the widest vectors; zeroed when disposed.</summary>
/// <remarks>
/// What its owner forgets to dispose stays taken until the process ends.
/// Not safe for use and <see cref="Dispose"/> at the same time from two threads.
/// </remarks>
internal sealed unsafe class LaneMemory : IDisposable
{
    private const int AlignmentBytes = 64;

    private byte* _bytes;

    /// <summary>Makes room; its contents are zero.</summary>
    /// <param name="sizeBytes">Size in bytes, above 0.</param>
    public LaneMemory(int sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeBytes);
        Length = sizeBytes;
        _bytes = (byte*)NativeMemory.AlignedAlloc((nuint)sizeBytes, AlignmentBytes);
        Span.Clear();
    }

    /// <summary>Size in bytes.</summary>
    public int Length { get; }

    /// <summary>The memory; do not keep the span past the owner's life.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes is null, this);
            return new Span<byte>(_bytes, Length);
        }
    }

    /// <summary>A place in the memory, which must be a multiple of 64 bytes to be aligned.</summary>
    public byte* At(int offsetBytes)
    {
        Invariant.Holds(_bytes is not null && (uint)offsetBytes <= (uint)Length);
        return _bytes + offsetBytes;
    }

    /// <summary>Zeroes and frees the memory. May be called twice.</summary>
    public void Dispose()
    {
        if (_bytes is null)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(_bytes, Length));
        NativeMemory.AlignedFree(_bytes);
        _bytes = null;
    }
}
