using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Eight sponges side by side on a seed that they share and a number of their own.</summary>
/// <remarks>Word w of sponge l is at 8 w + l. The user zeroes the state and the output if the seed is secret.</remarks>
/// <standard>FIPS 204, section 7.3: the inputs of algorithms 30, 31 and 34.</standard>
internal static unsafe class MlDsaSponges
{
    /// <summary>Sponges side by side.</summary>
    public const int Lanes = KeccakX8.Lanes;

    /// <summary>Words of the state.</summary>
    public const int StateWords = Lanes * Keccak.LaneCount;

    /// <summary>Room for five blocks of SHAKE128 and what may be read or written beyond.</summary>
    public const int UniformStride = (5 * KeccakSponge.Shake128Rate) + 88;

    /// <summary>Room for two blocks of SHAKE256 and what may be read or written beyond.</summary>
    public const int BoundedStride = (2 * KeccakSponge.Shake256Rate) + 48;

    /// <summary>Room for five blocks of SHAKE256 and what may be read or written beyond.</summary>
    public const int MaskStride = (5 * KeccakSponge.Shake256Rate) + 24;

    private const ulong LastBit = 1UL << 63;
    private const ulong Suffix = KeccakSponge.ShakeSuffix;

    /// <summary>SHAKE128 of the seed, a column and a row, for eight entries of the matrix in a row.</summary>
    /// <param name="state">Receives the state before its first permutation.</param>
    /// <param name="seed">32 bytes.</param>
    /// <param name="first">Number of the first entry, counted row by row.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public static void StartUniform(ulong* state, ReadOnlySpan<byte> seed, int first, int columns)
    {
        Start(state, seed, KeccakSponge.Shake128Rate);
        for (int lane = 0; lane < Lanes; lane++)
        {
            (int row, int column) = Math.DivRem(first + lane, columns);
            state[(Lanes * seed.Length / sizeof(ulong)) + lane] = (uint)column | ((uint)row << 8) | (Suffix << 16);
        }
    }

    /// <summary>SHAKE256 of the seed and a 16-bit number, for eight numbers in a row.</summary>
    /// <param name="state">Receives the state before its first permutation.</param>
    /// <param name="seed">64 bytes.</param>
    /// <param name="first">The first number.</param>
    public static void StartNumbered(ulong* state, ReadOnlySpan<byte> seed, int first)
    {
        Start(state, seed, KeccakSponge.Shake256Rate);
        for (int lane = 0; lane < Lanes; lane++)
        {
            state[(Lanes * seed.Length / sizeof(ulong)) + lane] = (ushort)(first + lane) | (Suffix << 16);
        }
    }

    /// <summary>Gives the next blocks of every sponge.</summary>
    /// <param name="state">The states.</param>
    /// <param name="rate">Bytes of a block.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="output">Receives them; up to 24 bytes after the last block of each may be overwritten.</param>
    /// <param name="stride">From one sponge's output to the next's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Squeeze(ulong* state, int rate, int blocks, byte* output, int stride)
    {
        for (int block = 0; block < blocks; block++)
        {
            KeccakX8.Permute(state);
            if (Vector256.IsHardwareAccelerated)
            {
                CopyByFour(state, rate, output, stride);
                CopyByFour(state + 4, rate, output + (4 * stride), stride);
            }
            else
            {
                for (int lane = 0; lane < Lanes; lane++)
                {
                    for (int word = 0; word < rate / sizeof(ulong); word++)
                    {
                        Unsafe.WriteUnaligned(
                            output + (lane * stride) + (word * sizeof(ulong)), state[(Lanes * word) + lane]);
                    }
                }
            }

            output += rate;
        }
    }

    private static void Start(ulong* state, ReadOnlySpan<byte> seed, int rate)
    {
        new Span<ulong>(state, StateWords).Clear();
        for (int word = 0; word < seed.Length / sizeof(ulong); word++)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(seed[(word * sizeof(ulong))..]);
            new Span<ulong>(state + (Lanes * word), Lanes).Fill(value);
        }

        new Span<ulong>(state + (Lanes * ((rate / sizeof(ulong)) - 1)), Lanes).Fill(LastBit);
    }

    // Four words of four sponges at a time, turned from word by word to sponge by sponge.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyByFour(ulong* state, int rate, byte* output, int stride)
    {
        for (int at = 0; at < rate; at += 4 * sizeof(ulong))
        {
            Vector256<ulong> v0 = Vector256.Load(state);
            Vector256<ulong> v1 = Vector256.Load(state + Lanes);
            Vector256<ulong> v2 = Vector256.Load(state + (2 * Lanes));
            Vector256<ulong> v3 = Vector256.Load(state + (3 * Lanes));
            (Vector256<ulong> a, Vector256<ulong> b) = UnsignedLanes256.Transpose(v0, v1);
            (Vector256<ulong> c, Vector256<ulong> d) = UnsignedLanes256.Transpose(v2, v3);
            byte* to = output + at;
            Vector256.Create(a.GetLower(), c.GetLower()).Store((ulong*)to);
            Vector256.Create(b.GetLower(), d.GetLower()).Store((ulong*)(to + stride));
            Vector256.Create(a.GetUpper(), c.GetUpper()).Store((ulong*)(to + (2 * stride)));
            Vector256.Create(b.GetUpper(), d.GetUpper()).Store((ulong*)(to + (3 * stride)));
            state += 4 * Lanes;
        }
    }
}
