using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Polynomials from seeds, eight sponges at a time.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <standard>FIPS 204, section 7.3, algorithms 30 to 33.</standard>
internal static unsafe class MlDsaWideSampling<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
{
    private const int Degree = MlDsaRing.Degree;
    private const uint Modulus = MlDsaRing.Modulus;

    // Five blocks hold 280 candidates, of which one in a thousand is rejected.
    private const int UniformBlocks = 5;

    // Three bytes a candidate, 24 bits a group entry.
    private const int CandidateSize = 3;

    private const int HalvesAtOnce = 8;

    /// <summary>The public matrix in the transformed domain. Algorithm 32.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">rho, 32 public bytes.</param>
    /// <param name="matrix">Receives the polynomials; 16 values after each of them may be overwritten.</param>
    /// <param name="rowPolynomials">From one row to the next; at least the columns.</param>
    [SkipLocalsInit]
    public static void ExpandMatrix(MlDsaParameters set, ReadOnlySpan<byte> seed, uint* matrix, int rowPolynomials)
    {
        ulong* state = stackalloc ulong[MlDsaSponges.StateWords];
        byte* output = stackalloc byte[MlDsaSponges.Lanes * MlDsaSponges.UniformStride];
        int count = set.Rows * set.Columns;
        for (int first = 0; first < count; first += MlDsaSponges.Lanes)
        {
            MlDsaSponges.StartUniform(state, seed, first, set.Columns);
            MlDsaSponges.Squeeze(
                state, KeccakSponge.Shake128Rate, UniformBlocks, output, MlDsaSponges.UniformStride);
            for (int n = first; n < Math.Min(count, first + MlDsaSponges.Lanes); n++)
            {
                (int row, int column) = Math.DivRem(n, set.Columns);
                uint* polynomial = matrix + (((row * rowPolynomials) + column) * Degree);
                byte* bytes = output + ((n - first) * MlDsaSponges.UniformStride);
                if (!TryTakeUniform(bytes, UniformBlocks * KeccakSponge.Shake128Rate, polynomial))
                {
                    MlDsaSampling.ExpandEntry(seed, row, column, new Span<uint>(polynomial, Degree));
                }
            }
        }
    }

    /// <summary>Takes the candidates below q. Everything is public, so it may branch. Algorithm 30.</summary>
    /// <param name="bytes">Candidates of three bytes, and 64 bytes more that may be read.</param>
    /// <param name="size">Bytes that count.</param>
    /// <param name="polynomial">Receives 256 coefficients and up to 16 values that mean nothing.</param>
    /// <returns>False if there were too few.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryTakeUniform(byte* bytes, int size, uint* polynomial)
    {
        TVector order = TLanes.Load((uint*)MlDsaUnpackTables.Candidates);
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector mask = TLanes.Broadcast(0x7FFFFF);
        uint all = (uint)((1UL << TLanes.Count) - 1);
        uint* end = polynomial + Degree;
        int step = CandidateSize * TLanes.Count;
        for (int at = 0; at + step <= size && polynomial < end; at += step)
        {
            TVector groups = TLanes.LoadGroups(bytes + at, 8 * CandidateSize);
            TVector values = TLanes.And(TLanes.ShuffleBytes(groups, order), mask);
            uint taken = TLanes.Signs(TLanes.Subtract(values, modulus));
            TLanes.Store(values, polynomial);
            if (taken == all)
            {
                polynomial += TLanes.Count;
                continue;
            }

            // Close up the few gaps there are, in place.
            uint* from = polynomial;
            for (int lane = 0; lane < TLanes.Count; lane++)
            {
                *polynomial = from[lane];
                polynomial += (taken >> lane) & 1;
            }
        }

        return polynomial >= end;
    }

    /// <summary>The secret vectors s1 and s2, canonical. Algorithm 33.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">rho', 64 secret bytes.</param>
    /// <param name="secret">Receives columns plus rows polynomials, s1 first.</param>
    [SkipLocalsInit]
    public static void ExpandSecret(MlDsaParameters set, ReadOnlySpan<byte> seed, uint* secret)
    {
        const int StateSize = MlDsaSponges.StateWords * sizeof(ulong);
        const int OutputSize = MlDsaSponges.Lanes * MlDsaSponges.BoundedStride;
        byte* room = stackalloc byte[StateSize + OutputSize];
        try
        {
            int count = set.Columns + set.Rows;
            for (int first = 0; first < count; first += MlDsaSponges.Lanes)
            {
                int here = Math.Min(MlDsaSponges.Lanes, count - first);
                MlDsaSponges.StartNumbered((ulong*)room, seed, first);
                TakeSecrets(set.SecretBound, (ulong*)room, room + StateSize, here, secret + (first * Degree));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(room, StateSize + OutputSize));
        }
    }

    // Two blocks are nearly always enough; who needs more gets one after the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void TakeSecrets(int bound, ulong* state, byte* output, int count, uint* secret)
    {
        const int Stride = MlDsaSponges.BoundedStride;
        int* filled = stackalloc int[MlDsaSponges.Lanes];
        byte* halves = stackalloc byte[MlDsaSponges.Lanes * (Degree + HalvesAtOnce)];
        new Span<int>(filled, count).Clear();
        int waiting = count;
        for (int blocks = 2; waiting > 0; blocks = 1)
        {
            MlDsaSponges.Squeeze(state, KeccakSponge.Shake256Rate, blocks, output, Stride);
            waiting = 0;
            for (int i = 0; i < count; i++)
            {
                byte* taken = halves + (i * (Degree + HalvesAtOnce));
                int size = blocks * KeccakSponge.Shake256Rate;
                filled[i] = TakeHalves(bound, output + (i * Stride), size, taken, filled[i]);
                waiting += filled[i] < Degree ? 1 : 0;
            }
        }

        for (int i = 0; i < count; i++)
        {
            Unfold(bound, halves + (i * (Degree + HalvesAtOnce)), secret + (i * Degree));
        }

        CryptographicOperations.ZeroMemory(
            new Span<byte>(halves, MlDsaSponges.Lanes * (Degree + HalvesAtOnce)));
    }

    // Eight half bytes at a time; which of them are rejected says nothing about those that are taken, and may show.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int TakeHalves(int bound, byte* bytes, int size, byte* halves, int filled)
    {
        Vector128<byte> limit = Vector128.Create((byte)(bound == 2 ? 15 : 9));
        Vector128<byte> both = Vector128.Create((byte)0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0);
        Vector128<byte> odd = Vector128.Create((ushort)0xFF00).AsByte();
        for (int at = 0; at < size && filled < Degree; at += HalvesAtOnce / 2)
        {
            Vector128<byte> pairs = Vector128.ShuffleNative(
                Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(bytes + at)).AsByte(), both);
            Vector128<byte> high = (pairs.AsUInt16() >>> 4).AsByte();
            Vector128<byte> value = Vector128.ConditionalSelect(odd, high, pairs) & Vector128.Create((byte)0x0F);
            uint taken = Vector128.LessThan(value, limit).ExtractMostSignificantBits() & 0xFF;
            Vector128<byte> closed = Vector128.ShuffleNative(
                value, Vector128.CreateScalar(MlDsaUnpackTables.Closing[taken]).AsByte());
            Unsafe.WriteUnaligned(halves + filled, closed.AsUInt64().ToScalar());
            filled += BitOperations.PopCount(taken);
        }

        return Math.Min(filled, Degree);
    }

    // bound minus the half byte, modulo 5 for the bound 2 (205 / 1024 is near enough to 1/5 below 16).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unfold(int bound, byte* halves, uint* polynomial)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector top = TLanes.Broadcast((uint)bound + Modulus);
        TVector fifth = TLanes.Broadcast(bound == 2 ? 205u : 0);
        TVector five = TLanes.Broadcast(5);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = TLanes.LoadBytes(halves + at);
            TVector times = TLanes.ShiftRight(TLanes.MultiplyLow(value, fifth), 10);
            value = TLanes.Subtract(value, TLanes.MultiplyLow(times, five));
            TVector coefficient = TLanes.Subtract(top, value);
            TLanes.Store(MlDsaWideRing<TVector, TLanes>.ReduceOnce(coefficient, modulus), polynomial + at);
        }
    }
}
