using System.Buffers.Binary;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>Random bytes that a seed repeats. For tests only; print the seed.</summary>
internal sealed class SeededRandom : IRandomSource
{
    private readonly byte[] _block = new byte[1360];
    private readonly ulong _seed;
    private ulong _nextBlock;
    private int _position;

    public SeededRandom(ulong seed)
    {
        _seed = seed;
        _position = _block.Length;
    }

    /// <summary>The seed of SIGMA_TEST_SEED, else a fresh one.</summary>
    public static ulong SeedFromEnvironment()
    {
        Span<byte> fresh = stackalloc byte[sizeof(ulong)];
        SystemRandom.Instance.Fill(fresh);
        return ulong.TryParse(Environment.GetEnvironmentVariable("SIGMA_TEST_SEED"), out ulong given)
            ? given
            : BinaryPrimitives.ReadUInt64LittleEndian(fresh);
    }

    public void Fill(Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[16];
        while (!destination.IsEmpty)
        {
            if (_position == _block.Length)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(input, _seed);
                BinaryPrimitives.WriteUInt64LittleEndian(input[8..], _nextBlock++);
                Shake256.HashData(input, _block);
                _position = 0;
            }

            int taken = Math.Min(destination.Length, _block.Length - _position);
            _block.AsSpan(_position, taken).CopyTo(destination);
            destination = destination[taken..];
            _position += taken;
        }
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    /// <summary>A number from 0 to below the bound.</summary>
    public int Below(int bound)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) % (uint)bound);
    }
}
