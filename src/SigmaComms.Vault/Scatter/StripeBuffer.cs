using System.Security.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>Borrowed room; disposing zeroes it and gives it back.</summary>
/// <remarks>Nothing may still write to it then. Not safe to call from two threads.</remarks>
public sealed class StripeBuffer : IDisposable
{
    private readonly StripeBuffers _owner;
    private readonly int _sizeBytes;
    private byte[]? _array;

    internal StripeBuffer(StripeBuffers owner, byte[] array, int sizeBytes)
    {
        _owner = owner;
        _array = array;
        _sizeBytes = sizeBytes;
    }

    /// <summary>The room, of the size that was asked for.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_array is null, this);
            return _array.AsMemory(0, _sizeBytes);
        }
    }

    /// <summary>Zeroes the room and gives it back. May be called twice.</summary>
    public void Dispose()
    {
        byte[]? array = Interlocked.Exchange(ref _array, null);
        if (array is not null)
        {
            CryptographicOperations.ZeroMemory(array.AsSpan(0, _sizeBytes));
            _owner.Return(array);
        }
    }
}
