using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Polynomials from and to bytes, many coefficients at a time.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <standard>FIPS 204, section 7.1, algorithms 16 to 19.</standard>
internal static unsafe class MlDsaWidePacking<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
{
    private const int Degree = MlDsaRing.Degree;
    private const uint Modulus = MlDsaRing.Modulus;

    /// <summary>Reads values of so many bits, each as offset minus itself modulo q.</summary>
    /// <param name="bytes">32 times bits bytes, and 16 more that may be read.</param>
    /// <param name="bits">Bits for each, 3 to 20.</param>
    /// <param name="offset">The largest coefficient.</param>
    /// <param name="limit">The largest value that is allowed.</param>
    /// <param name="polynomial">Receives 256 canonical coefficients.</param>
    /// <returns>False if a value is above the limit; only that is given away.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryUnpackSigned(byte* bytes, int bits, uint offset, uint limit, uint* polynomial)
    {
        byte* table = MlDsaUnpackTables.Of(bits);
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector top = TLanes.Broadcast(offset + Modulus);
        TVector largest = TLanes.Broadcast(0);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = UnpackAt(bytes, bits, table, at);
            largest = TLanes.Max(largest, value);
            value = MlDsaWideRing<TVector, TLanes>.ReduceOnce(TLanes.Subtract(top, value), modulus);
            TLanes.Store(value, polynomial + at);
        }

        return TLanes.Signs(TLanes.Subtract(TLanes.Broadcast(limit), largest)) == 0;
    }

    /// <summary>Writes the response: gamma_1 minus each coefficient, in 18 or 20 bits.</summary>
    /// <param name="polynomial">256 canonical coefficients; destroyed.</param>
    /// <param name="bits">18 or 20.</param>
    /// <param name="bytes">Receives 32 times bits bytes; 8 more may be overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackResponse(uint* polynomial, int bits, byte* bytes)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector top = TLanes.Broadcast((1u << (bits - 1)) + Modulus);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = TLanes.Subtract(top, TLanes.Load(polynomial + at));
            TLanes.Store(MlDsaWideRing<TVector, TLanes>.ReduceOnce(value, modulus), polynomial + at);
        }

        // Four coefficients are 72 or 80 bits.
        for (uint* four = polynomial; four < polynomial + Degree; four += 4)
        {
            ulong last = four[3];
            ulong low = four[0] | ((ulong)four[1] << bits) | ((ulong)four[2] << (2 * bits)) | (last << (3 * bits));
            Unsafe.WriteUnaligned(bytes, low);
            Unsafe.WriteUnaligned(bytes + sizeof(ulong), (ushort)(last >> (64 - (3 * bits))));
            bytes += bits / 2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector UnpackAt(byte* bytes, int bits, byte* table, int at)
    {
        // The table repeats after eight coefficients and is as long as the longest vector.
        int part = at * sizeof(uint) % Vector512<byte>.Count;
        TVector order = TLanes.Load((uint*)(table + part));
        TVector factors = TLanes.Load((uint*)(table + Vector512<byte>.Count + part));
        TVector groups = TLanes.ShuffleBytes(TLanes.LoadGroups(bytes + (at / 4 * bits / 2), bits), order);
        return TLanes.ShiftRight(TLanes.MultiplyLow(groups, factors), 32 - bits);
    }
}
