using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>
/// For packed coefficients of each width: which bytes of a group hold each coefficient, and the power of two that
/// lifts it to the top of its 32 bits.
/// </summary>
/// <standard>FIPS 204, section 7.1, algorithm 18.</standard>
internal static unsafe class MlDsaUnpackTables
{
    private const int BitsMax = 20;
    private const int VectorSize = 64;
    private const int TableSize = 2 * VectorSize;

    private static readonly byte* Tables = Build();

    /// <summary>64 bytes that say the order, then 16 factors of 32 bits.</summary>
    /// <param name="bits">Width, 1 to 20.</param>
    public static byte* Of(int bits) => Tables + (bits * TableSize);

    /// <summary>64 bytes: four candidates of three bytes in each 16, each to the low bytes of a lane.</summary>
    public static byte* Candidates { get; } = BuildCandidates();

    /// <summary>For each set of eight places, the order that puts the places of the set first.</summary>
    public static ulong* Closing { get; } = BuildClosing();

    private static byte* BuildCandidates()
    {
        byte* table = (byte*)NativeMemory.AlignedAlloc(VectorSize, VectorSize);
        for (int i = 0; i < VectorSize; i++)
        {
            // The fourth byte is masked away.
            table[i] = (byte)((i / 4 % 4 * 3) + (i % 4));
        }

        return table;
    }

    private static ulong* BuildClosing()
    {
        ulong* table = (ulong*)NativeMemory.AlignedAlloc(256 * sizeof(ulong), VectorSize);
        for (int places = 0; places < 256; places++)
        {
            table[places] = 0;
            int taken = 0;
            for (int place = 0; place < 8; place++)
            {
                if (((places >> place) & 1) != 0)
                {
                    table[places] |= (ulong)place << (8 * taken++);
                }
            }
        }

        return table;
    }

    private static byte* Build()
    {
        const int Size = (BitsMax + 1) * TableSize;
        byte* tables = (byte*)NativeMemory.AlignedAlloc(Size, VectorSize);
        new Span<byte>(tables, Size).Clear();
        for (int bits = 1; bits <= BitsMax; bits++)
        {
            Span<byte> table = new(tables + (bits * TableSize), TableSize);
            for (int i = 0; i < VectorSize / sizeof(uint); i++)
            {
                // Groups of four begin at a byte, or for odd widths every second one in the middle of a byte.
                int firstBit = (4 * (bits & 1) * (i / 4 % 2)) + (i % 4 * bits);
                for (int k = 0; k < sizeof(uint); k++)
                {
                    table[(sizeof(uint) * i) + k] = (byte)((firstBit / 8) + k);
                }

                uint factor = 1u << (32 - bits - (firstBit % 8));
                BinaryPrimitives.WriteUInt32LittleEndian(table[(VectorSize + (sizeof(uint) * i))..], factor);
            }
        }

        return tables;
    }
}
