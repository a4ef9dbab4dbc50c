using System.Buffers.Binary;
using System.Numerics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA-224, which the framework lacks; for pre-hashed signatures, so for public messages.</summary>
/// <standard>FIPS 180-4, sections 5.3.2, 6.2 and 6.3.</standard>
internal static class Sha224
{
    /// <summary>Size of a hash: 28 bytes.</summary>
    public const int HashSize = 28;

    private const int BlockSize = 64;

    private static ReadOnlySpan<uint> Start =>
    [
        0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939, 0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4,
    ];

    /// <summary>Hashes in one call.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <param name="hash">Receives 28 bytes.</param>
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Size.Require(hash, HashSize);
        Span<uint> state = stackalloc uint[8];
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        Start.CopyTo(state);
        ulong bits = (ulong)data.Length * 8;
        for (; data.Length >= BlockSize; data = data[BlockSize..])
        {
            Compress(state, data);
        }

        tail.Clear();
        data.CopyTo(tail);
        tail[data.Length] = 0x80;
        int tailSize = data.Length < BlockSize - sizeof(ulong) ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(tailSize - sizeof(ulong))..], bits);
        for (int at = 0; at < tailSize; at += BlockSize)
        {
            Compress(state, tail[at..]);
        }

        for (int i = 0; i < HashSize / sizeof(uint); i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(sizeof(uint) * i)..], state[i]);
        }
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(sizeof(uint) * t)..]);
        }

        for (int t = 16; t < 64; t++)
        {
            uint s0 = BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18)
                ^ (w[t - 15] >> 3);
            uint s1 = BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19)
                ^ (w[t - 2] >> 10);
            w[t] = s1 + w[t - 7] + s0 + w[t - 16];
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3];
        uint e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t++)
        {
            uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11)
                ^ BitOperations.RotateRight(e, 25);
            uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13)
                ^ BitOperations.RotateRight(a, 22);
            uint first = h + s1 + ((e & f) ^ (~e & g)) + Sha256Constants.Rounds[t] + w[t];
            uint second = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        ReadOnlySpan<uint> worked = [a, b, c, d, e, f, g, h];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] += worked[i];
        }
    }
}
