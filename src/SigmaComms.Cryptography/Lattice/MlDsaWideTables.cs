using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>The transform's factors in the order in which the last layers have their lanes.</summary>
/// <remarks>
/// In those layers both partners of a butterfly are in the same two vectors, and blocks of lanes are swapped before
/// each layer. The order that results is found here by swapping indices in the same way.
/// </remarks>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <standard>FIPS 204, appendix B.</standard>
internal static unsafe class MlDsaWideTables<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
{
    private const int Degree = MlDsaRing.Degree;

    /// <summary>For each pair of vectors and each layer a vector of factors and one of their quotients.</summary>
    public static readonly uint* Forward = Build(false);

    /// <summary>The same for the inverse transform, its layers in the inverse's order.</summary>
    public static readonly uint* Back = Build(true);

    /// <summary>Lanes of the layer that comes first in the forward direction: the distance of its partners.</summary>
    /// <remarks>Layers before it go two at a time, so their number is even.</remarks>
    public static int FirstDistance
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count == 8 ? 8 : TLanes.Count / 2;
    }

    /// <summary>Values for one pair of vectors.</summary>
    public static int PairSize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TLanes.Count * (TLanes.Count == 4 ? 2 : 4);
    }

    private static uint* Build(bool back)
    {
        int count = TLanes.Count;
        int pairs = Degree / (2 * count);
        uint* table = (uint*)NativeMemory.AlignedAlloc((nuint)(pairs * PairSize * sizeof(uint)), 64);
        uint* places = stackalloc uint[2 * count];
        int layers = PairSize / (2 * count);
        for (int pair = 0; pair < pairs; pair++)
        {
            for (int i = 0; i < 2 * count; i++)
            {
                places[i] = (uint)((2 * count * pair) + i);
            }

            int distance = FirstDistance;
            for (int layer = 0; layer < layers; layer++, distance /= 2)
            {
                Swap(distance, places);
                int at = (pair * PairSize) + (2 * count * (back ? layers - 1 - layer : layer));
                Fill(places, distance, back, table + at);
            }
        }

        return table;
    }

    private static void Swap(int distance, uint* places)
    {
        TVector first = TLanes.Load(places);
        TVector second = TLanes.Load(places + TLanes.Count);
        if (distance < TLanes.Count)
        {
            TLanes.SwapBlocks(distance, ref first, ref second);
        }

        TLanes.Store(first, places);
        TLanes.Store(second, places + TLanes.Count);
    }

    private static void Fill(uint* places, int distance, bool back, uint* factors)
    {
        int blocks = Degree / 2 / distance;
        for (int lane = 0; lane < TLanes.Count; lane++)
        {
            int block = (int)places[lane] / (2 * distance);
            int index = back ? (2 * blocks) - 1 - block : blocks + block;
            factors[lane] = MlDsaZetas.Zetas[index];
            factors[TLanes.Count + lane] = MlDsaZetas.ZetaQuotients[index];
        }
    }
}
