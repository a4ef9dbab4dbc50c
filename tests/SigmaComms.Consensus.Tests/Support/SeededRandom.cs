using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Consensus.Tests.Support;

/// <summary>Random bytes that repeat for the same seed: SHA-256 over seed and counter.</summary>
internal sealed class SeededRandom(ulong seed) : IRandomSource
{
    private readonly byte[] _block = new byte[32];
    private ulong _counter;
    private int _used = 32;

    public void Fill(Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[16];
        for (int i = 0; i < destination.Length; i++)
        {
            if (_used == _block.Length)
            {
                BinaryPrimitives.WriteUInt64BigEndian(input, seed);
                BinaryPrimitives.WriteUInt64BigEndian(input[8..], _counter++);
                SHA256.HashData(input, _block);
                _used = 0;
            }

            destination[i] = _block[_used++];
        }
    }

    public int Below(int limit)
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) % (uint)limit);
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    public Digest Digest() => new(Bytes(32));
}
