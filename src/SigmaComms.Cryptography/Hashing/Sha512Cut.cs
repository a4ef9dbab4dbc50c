using System.Buffers.Binary;
using System.Numerics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA-512/224 and SHA-512/256, which the framework lacks; for pre-hashed, public messages.</summary>
/// <standard>FIPS 180-4, sections 5.3.6, 6.4, 6.6 and 6.7.</standard>
internal static class Sha512Cut
{
    private const int BlockSize = 128;
    private const int FullHashSize = 64;

    /// <summary>Hashes in one call; the output's size says which of the two.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <param name="hash">Receives 28 or 32 bytes.</param>
    /// <exception cref="ArgumentException">The output has another length.</exception>
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        if (hash.Length is not (28 or 32))
        {
            throw new ArgumentException("SHA-512 is cut to 28 or 32 bytes here.", nameof(hash));
        }

        // Section 5.3.6: the start is a hash of the name, by SHA-512 with its own start changed.
        Span<ulong> state = stackalloc ulong[8];
        Span<byte> full = stackalloc byte[FullHashSize];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = Sha512Constants.Start[i] ^ 0xA5A5A5A5A5A5A5A5;
        }

        Run(state, hash.Length == 28 ? "SHA-512/224"u8 : "SHA-512/256"u8, full);
        Run(state, data, full);
        full[..hash.Length].CopyTo(hash);
    }

    private static void Run(Span<ulong> state, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        ulong bits = (ulong)data.Length * 8;
        for (; data.Length >= BlockSize; data = data[BlockSize..])
        {
            Compress(state, data);
        }

        tail.Clear();
        data.CopyTo(tail);
        tail[data.Length] = 0x80;
        int tailSize = data.Length < BlockSize - (2 * sizeof(ulong)) ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(tailSize - sizeof(ulong))..], bits);
        for (int at = 0; at < tailSize; at += BlockSize)
        {
            Compress(state, tail[at..]);
        }

        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(hash[(sizeof(ulong) * i)..], state[i]);
        }
    }

    private static void Compress(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        Span<ulong> w = stackalloc ulong[80];
        for (int t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReadUInt64BigEndian(block[(sizeof(ulong) * t)..]);
        }

        for (int t = 16; t < 80; t++)
        {
            ulong s0 = BitOperations.RotateRight(w[t - 15], 1) ^ BitOperations.RotateRight(w[t - 15], 8)
                ^ (w[t - 15] >> 7);
            ulong s1 = BitOperations.RotateRight(w[t - 2], 19) ^ BitOperations.RotateRight(w[t - 2], 61)
                ^ (w[t - 2] >> 6);
            w[t] = s1 + w[t - 7] + s0 + w[t - 16];
        }

        ulong a = state[0], b = state[1], c = state[2], d = state[3];
        ulong e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 80; t++)
        {
            ulong s1 = BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18)
                ^ BitOperations.RotateRight(e, 41);
            ulong s0 = BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34)
                ^ BitOperations.RotateRight(a, 39);
            ulong first = h + s1 + ((e & f) ^ (~e & g)) + Sha512Constants.Rounds[t] + w[t];
            ulong second = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        ReadOnlySpan<ulong> worked = [a, b, c, d, e, f, g, h];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] += worked[i];
        }
    }
}
