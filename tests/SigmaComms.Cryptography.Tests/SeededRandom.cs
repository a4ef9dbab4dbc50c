using System.Buffers.Binary;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Tests;

/// <summary>
/// Random bytes that a seed repeats: SHAKE256 of seed and block number. For tests only; print the seed so that a
/// failure can be run again. Safe to call from any thread, but then the order of calls decides who gets which bytes.
/// </summary>
public sealed class SeededRandom : IRandomSource
{
    private readonly Lock _lock = new();
    private readonly byte[] _block = new byte[1360];
    private int _position;
    private ulong _nextBlock;

    /// <summary>Starts the stream of a seed.</summary>
    public SeededRandom(ulong seed)
    {
        Seed = seed;
        _position = _block.Length;
    }

    /// <summary>The seed, to be printed.</summary>
    public ulong Seed { get; }

    /// <summary>The seed of the environment variable SIGMA_TEST_SEED, else a fresh one; printed either way.</summary>
    public static SeededRandom FromEnvironment(Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(print);
        string? text = Environment.GetEnvironmentVariable("SIGMA_TEST_SEED");
        Span<byte> fresh = stackalloc byte[sizeof(ulong)];
        SystemRandom.Instance.Fill(fresh);
        ulong seed = ulong.TryParse(text, out ulong given) ? given : BinaryPrimitives.ReadUInt64LittleEndian(fresh);
        print($"SIGMA_TEST_SEED={seed}");
        return new SeededRandom(seed);
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        lock (_lock)
        {
            while (!destination.IsEmpty)
            {
                if (_position == _block.Length)
                {
                    Refill();
                }

                int taken = Math.Min(destination.Length, _block.Length - _position);
                _block.AsSpan(_position, taken).CopyTo(destination);
                destination = destination[taken..];
                _position += taken;
            }
        }
    }

    /// <summary>The next bytes as a new array.</summary>
    public byte[] Bytes(int sizeBytes)
    {
        byte[] bytes = new byte[sizeBytes];
        Fill(bytes);
        return bytes;
    }

    /// <summary>A number from 0 up to, but not including, the limit.</summary>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt64LittleEndian(bytes) % (ulong)limit);
    }

    private void Refill()
    {
        Span<byte> input = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(input, Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(input[sizeof(ulong)..], _nextBlock++);
        Shake256.HashData(input, _block);
        _position = 0;
    }
}
