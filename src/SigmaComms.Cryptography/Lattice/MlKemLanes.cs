using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>The matrix and the noise of ML-KEM, from four sponges side by side.</summary>
/// <standard>FIPS 203, sections 4.1 and 4.2.2, algorithms 7 and 8.</standard>
internal static unsafe class MlKemLanes<TVector, TOps>
    where TVector : unmanaged
    where TOps : struct, IMlKemVector<TVector>
{
    private const int Lanes = KeccakX4.Lanes;
    private const int Degree = MlKemRing.Degree;
    private const int BlockSize = KeccakSponge.Shake128Rate;
    private const int BlocksEach = 3;
    private const int StreamSize = BlocksEach * BlockSize;
    private const int StateWords = Lanes * Keccak.LaneCount;

    /// <summary>The public matrix, row by row, and up to two hashes beside it.</summary>
    /// <param name="rank">Rows and columns.</param>
    /// <param name="seed">rho, 32 public bytes.</param>
    /// <param name="matrix">Receives rank^2 polynomials; slack for <see cref="MlKemRejection"/> behind.</param>
    /// <param name="first">A hash, or none.</param>
    /// <param name="second">Another, or none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void ExpandMatrix(
        int rank,
        scoped ReadOnlySpan<byte> seed,
        short* matrix,
        ref MlKemPassenger first,
        ref MlKemPassenger second)
    {
        Span<ulong> words = stackalloc ulong[StateWords];
        byte* streams = stackalloc byte[(Lanes * StreamSize) + MlKemRejection.SlackBytes];
        words.Clear();
        int done = 0;
        while (done < rank * rank || first.IsWaiting || second.IsWaiting)
        {
            bool firstRides = first.IsWaiting;
            bool secondRides = second.IsWaiting;
            int free = Lanes - Convert.ToInt32(firstRides) - Convert.ToInt32(secondRides);
            int count = Math.Min(free, (rank * rank) - done);
            Start(words, seed, rank, done, count);
            for (int block = 0; block < BlocksEach; block++)
            {
                if (firstRides)
                {
                    first.AddBlock(words, Lanes - 1);
                }

                if (secondRides)
                {
                    second.AddBlock(words, Lanes - 2);
                }

                Permute(words);
                KeccakLane.CopyOut4(words, streams + (block * BlockSize), StreamSize, BlockSize);
            }

            Sample(words, streams, count, matrix + (done * Degree));
            done += count;
            Finish(words, ref first, firstRides, Lanes - 1);
            Finish(words, ref second, secondRides, Lanes - 2);
        }

        // What lanes of hashes held was copied out with the others, and J's is secret.
        CryptographicOperations.ZeroMemory(new Span<byte>(streams + (2 * StreamSize), 2 * StreamSize));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(words));
    }

    /// <summary>Polynomials of noise with consecutive numbers.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="nonce">The first one's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="width">eta: 2 or 3.</param>
    /// <param name="polynomials">Receives small secret values of either sign.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void SampleNoise(ReadOnlySpan<byte> seed, int nonce, int count, int width, short* polynomials)
    {
        const int Rate = KeccakSponge.Shake256Rate;
        const int Room = 2 * Rate;
        Span<ulong> words = stackalloc ulong[StateWords];
        Span<byte> bytes = stackalloc byte[Lanes * Room];
        fixed (byte* streams = bytes)
        {
            for (int done = 0; done < count; done += Lanes)
            {
                int now = Math.Min(Lanes, count - done);
                StartNoise(words, seed, nonce + done);
                Permute(words);
                KeccakLane.CopyOut4(words, streams, Room, Rate);
                if (width == 3)
                {
                    Permute(words);
                    KeccakLane.CopyOut4(words, streams + Rate, Room, 192 - Rate);
                }

                for (int lane = 0; lane < now; lane++)
                {
                    ReadNoise(streams + (lane * Room), width, polynomials + ((done + lane) * Degree));
                }
            }
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(words));
        CryptographicOperations.ZeroMemory(bytes);
    }

    // Lanes of polynomials start anew; those of hashes go on.
    private static void Start(Span<ulong> words, ReadOnlySpan<byte> seed, int rank, int next, int count)
    {
        ReadOnlySpan<ulong> seedWords = MemoryMarshal.Cast<byte, ulong>(seed);
        for (int lane = 0; lane < count; lane++)
        {
            (int row, int column) = Math.DivRem(next + lane, rank);
            for (int word = 0; word < seedWords.Length; word++)
            {
                words[(word * Lanes) + lane] = seedWords[word];
            }

            words[(4 * Lanes) + lane] = (uint)(column | (row << 8) | (KeccakSponge.ShakeSuffix << 16));
            for (int word = 5; word < Keccak.LaneCount; word++)
            {
                words[(word * Lanes) + lane] = 0;
            }

            words[(((BlockSize / sizeof(ulong)) - 1) * Lanes) + lane] = 1UL << 63;
        }
    }

    private static void StartNoise(Span<ulong> words, ReadOnlySpan<byte> seed, int nonce)
    {
        words.Clear();
        ReadOnlySpan<ulong> seedWords = MemoryMarshal.Cast<byte, ulong>(seed);
        for (int lane = 0; lane < Lanes; lane++)
        {
            for (int word = 0; word < seedWords.Length; word++)
            {
                words[(word * Lanes) + lane] = seedWords[word];
            }

            words[(4 * Lanes) + lane] = (uint)((nonce + lane) | (KeccakSponge.ShakeSuffix << 8));
            words[(((KeccakSponge.Shake256Rate / sizeof(ulong)) - 1) * Lanes) + lane] = 1UL << 63;
        }
    }

    private static void ReadNoise(byte* bytes, int width, short* polynomial)
    {
        if (width == 2)
        {
            MlKemCodec<TVector, TOps>.ReadNoise2(bytes, polynomial);
        }
        else
        {
            MlKemFields.ReadNoise3(bytes, polynomial);
        }
    }

    // In order, since each polynomial's slack is the next one's place.
    private static void Sample(Span<ulong> words, byte* streams, int count, short* polynomials)
    {
        for (int lane = 0; lane < count; lane++)
        {
            short* polynomial = polynomials + (lane * Degree);
            int filled = MlKemRejection.Sample(streams + (lane * StreamSize), StreamSize, polynomial, 0);
            if (filled < Degree)
            {
                GoOn(words, lane, polynomial, filled);
            }
        }
    }

    // About one polynomial in a hundred needs a fourth block.
    private static void GoOn(ReadOnlySpan<ulong> words, int lane, short* polynomial, int filled)
    {
        byte* block = stackalloc byte[BlockSize + MlKemRejection.SlackBytes];
        KeccakSponge sponge = KeccakSponge.Continue(words, Lanes, lane, BlockSize);
        while (filled < Degree)
        {
            sponge.Squeeze(new Span<byte>(block, BlockSize));
            filled = MlKemRejection.Sample(block, BlockSize, polynomial, filled);
        }
    }

    private static void Finish(
        scoped ReadOnlySpan<ulong> words, ref MlKemPassenger passenger, bool rides, int lane)
    {
        if (rides && !passenger.IsWaiting)
        {
            passenger.Finish(words, lane);
        }
    }

    private static void Permute(Span<ulong> words)
    {
        fixed (ulong* state = words)
        {
            KeccakX4.Permute(state);
        }
    }
}
