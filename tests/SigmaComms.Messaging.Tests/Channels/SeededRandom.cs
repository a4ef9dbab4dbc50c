using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>Random bytes that a printed seed repeats: SHA-256 of seed and counter. For tests only.</summary>
internal sealed class SeededRandom(ulong seed) : IRandomSource
{
    private ulong _counter;

    public void Fill(Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[16];
        Span<byte> block = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(input, seed);
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(input[8..], _counter++);
            SHA256.HashData(input, block);
            int taken = Math.Min(block.Length, destination.Length);
            block[..taken].CopyTo(destination);
            destination = destination[taken..];
        }
    }

    public byte[] Bytes(int sizeBytes)
    {
        byte[] bytes = new byte[sizeBytes];
        Fill(bytes);
        return bytes;
    }

    public int Below(int limit) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)) % (uint)limit);
}
