using System.Numerics;

namespace SigmaComms.Vault.Scatter;

/// <summary>Room for stripes and fragments: zeroed when it comes back, kept by size for who needs it next.</summary>
/// <remarks>Sizes are powers of two from 1 KiB to 32 MiB. Safe to call from any thread.</remarks>
public sealed class StripeBuffers
{
    /// <summary>The largest room: 32 MiB, above every stripe.</summary>
    public const int SizeMaxBytes = 1 << SizeMaxBits;

    private const int SizeMinBits = 10;
    private const int SizeMaxBits = 25;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]>[] _free = new Stack<byte[]>[SizeMaxBits - SizeMinBits + 1];
    private readonly long _keptMaxBytes;
    private long _keptBytes;
    private long _hits;
    private long _misses;
    private long _rentedBytes;
    private long _rentedMaxBytes;

    /// <summary>Starts empty.</summary>
    /// <param name="keptMaxBytes">How many unused bytes it keeps; at least 0. Usual: 64 MiB.</param>
    public StripeBuffers(long keptMaxBytes = 64L << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keptMaxBytes);
        _keptMaxBytes = keptMaxBytes;
        for (int i = 0; i < _free.Length; i++)
        {
            _free[i] = new Stack<byte[]>();
        }
    }

    /// <summary>Hits, misses, and bytes out now and at the most.</summary>
    public (long Hits, long Misses, long RentedBytes, long RentedMaxBytes) Figures
    {
        get
        {
            lock (_gate)
            {
                return (_hits, _misses, _rentedBytes, _rentedMaxBytes);
            }
        }
    }

    /// <summary>Lends room; disposing gives it back.</summary>
    /// <param name="sizeBytes">1 byte to 32 MiB.</param>
    /// <returns>Exactly that many bytes, all zero.</returns>
    public StripeBuffer Rent(int sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, SizeMaxBytes);
        int bits = Math.Max(SizeMinBits, BitOperations.Log2((uint)sizeBytes - 1) + 1);
        byte[]? array;
        lock (_gate)
        {
            bool hit = _free[bits - SizeMinBits].TryPop(out array);
            _hits += hit ? 1 : 0;
            _misses += hit ? 0 : 1;
            _keptBytes -= array?.Length ?? 0;
            _rentedBytes += 1L << bits;
            _rentedMaxBytes = Math.Max(_rentedMaxBytes, _rentedBytes);
        }

        return new StripeBuffer(this, array ?? new byte[1 << bits], sizeBytes);
    }

    /// <summary>Takes back a zeroed array.</summary>
    internal void Return(byte[] array)
    {
        lock (_gate)
        {
            _rentedBytes -= array.Length;
            if (array.Length <= _keptMaxBytes - _keptBytes)
            {
                _keptBytes += array.Length;
                _free[BitOperations.Log2((uint)array.Length) - SizeMinBits].Push(array);
            }
        }
    }
}
