using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Bit fields of a polynomial, to bytes and from bytes, eight coefficients at a time.</summary>
/// <remarks>No branch or index depends on a coefficient.</remarks>
/// <standard>FIPS 203, algorithms 5, 6 and 8, equation 4.8.</standard>
internal static unsafe class MlKemFields
{
    private const int Degree = MlKemRing.Degree;
    private const short Modulus = (short)MlKemRing.Modulus;
    private const short HalfModulus = (Modulus + 1) / 2;

    /// <summary>Writes fields end to end.</summary>
    /// <param name="fields">64 values of four coefficients each.</param>
    /// <param name="bits">Bits of a coefficient: 4, 5, 10, 11 or 12.</param>
    /// <param name="bytes">Receives 32 times as many bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ulong* fields, int bits, byte* bytes)
    {
        for (int i = 0; i < Degree / 4; i += 2)
        {
            ulong low = fields[i] | (fields[i + 1] << (4 * bits));
            ulong high = fields[i + 1] >> (64 - (4 * bits));
            switch (bits)
            {
                case 4:
                    Unsafe.WriteUnaligned(bytes, (uint)low);
                    break;
                case 5:
                    Unsafe.WriteUnaligned(bytes, (uint)low);
                    bytes[4] = (byte)(low >> 32);
                    break;
                case 10:
                    Unsafe.WriteUnaligned(bytes, low);
                    Unsafe.WriteUnaligned(bytes + 8, (ushort)high);
                    break;
                case 11:
                    Unsafe.WriteUnaligned(bytes, low);
                    Unsafe.WriteUnaligned(bytes + 7, (uint)((low >> 56) | (high << 8)));
                    break;
                default:
                    Unsafe.WriteUnaligned(bytes, low);
                    Unsafe.WriteUnaligned(bytes + 8, (uint)high);
                    break;
            }

            bytes += bits;
        }
    }

    /// <summary>Reads 12 bits for each coefficient.</summary>
    /// <param name="bytes">384 bytes.</param>
    /// <param name="polynomial">Receives values below 2^12.</param>
    /// <returns>Whether all are below the modulus.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static bool Read(ReadOnlySpan<byte> bytes, short* polynomial)
    {
        byte* padded = stackalloc byte[(12 * Degree / 8) + Vector128<byte>.Count];
        Copy(bytes, padded);
        Vector128<byte> places = Vector128.Create((byte)0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11);
        Vector128<short> shifts = Vector128.Create(16, 1, 16, 1, 16, 1, 16, 1);
        Vector128<short> largest = Vector128<short>.Zero;
        for (int i = 0; i < Degree / 8; i++)
        {
            Vector128<byte> placed = Shuffle(Vector128.Load(padded + (12 * i)), places);
            Vector128<short> values = (placed.AsInt16() * shifts) >>> 4;
            values.Store(polynomial + (8 * i));
            largest = Vector128.Max(largest, values);
        }

        new Span<byte>(padded, 12 * Degree / 8).Clear();
        return !Vector128.GreaterThanAny(largest, Vector128.Create((short)(Modulus - 1)));
    }

    /// <summary>Reads and decompresses.</summary>
    /// <param name="bytes">32 times as many bytes as bits.</param>
    /// <param name="bits">4, 5, 10 or 11.</param>
    /// <param name="polynomial">Receives canonical values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Decompress(ReadOnlySpan<byte> bytes, int bits, short* polynomial)
    {
        byte* padded = stackalloc byte[(11 * Degree / 8) + Vector128<byte>.Count];
        Copy(bytes, padded);
        if (bits == 11)
        {
            Decompress11(padded, polynomial);
            return;
        }

        (Vector128<byte> places, Vector128<short> shifts) = Layout(bits);
        Vector128<short> top = Vector128.Create((short)(-1 << (16 - bits)));
        for (int i = 0; i < Degree / 8; i++)
        {
            // The field comes to the top, then below the sign: a multiple of 2^(15 - bits).
            Vector128<byte> placed = Shuffle(Vector128.Load(padded + (bits * i)), places);
            Vector128<short> values = ((placed.AsInt16() * shifts) & top) >>> 1;
            MlKemVector128.MultiplyRound(values, Vector128.Create(Modulus)).Store(polynomial + (8 * i));
        }
    }

    /// <summary>Decompresses one bit for each coefficient.</summary>
    /// <param name="message">32 secret bytes.</param>
    /// <param name="polynomial">Receives 0 or 1665.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecompressMessage(byte* message, short* polynomial)
    {
        Vector128<short> places = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128);
        Vector128<short> half = Vector128.Create(HalfModulus);
        for (int i = 0; i < Degree / 8; i++)
        {
            Vector128<short> bits = Vector128.Create((short)message[i]) & places;
            (Vector128.Equals(bits, places) & half).Store(polynomial + (8 * i));
        }
    }

    /// <summary>Noise of width 3.</summary>
    /// <param name="bytes">192 secret bytes, and ten more that may be read.</param>
    /// <param name="polynomial">Receives values from -3 to 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadNoise3(byte* bytes, short* polynomial)
    {
        // Six bits for each coefficient: three and three are added side by side, then subtracted.
        Vector128<byte> places = Vector128.Create((byte)0, 1, 0, 1, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5, 5, 6);
        Vector128<short> shifts = Vector128.Create(1024, 16, 64, 256, 1024, 16, 64, 256);
        Vector128<short> thirds = Vector128.Create((short)0b001001);
        for (int i = 0; i < Degree / 8; i++)
        {
            Vector128<byte> placed = Shuffle(Vector128.Load(bytes + (6 * i)), places);
            Vector128<short> bits = (placed.AsInt16() * shifts) >>> 10;
            Vector128<short> sums = (bits & thirds) + ((bits >>> 1) & thirds) + ((bits >>> 2) & thirds);
            ((sums & Vector128.Create((short)7)) - (sums >>> 3)).Store(polynomial + (8 * i));
        }
    }

    /// <summary>Bytes by their places; places are below 16 or, for a zero, 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shuffle(Vector128<byte> bytes, Vector128<byte> places) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(bytes, places) : Vector128.Shuffle(bytes, places);

    // The standard's largest field, which spans three bytes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Decompress11(byte* padded, short* polynomial)
    {
        const byte None = 128;
        Vector128<byte> firstPlaces =
            Vector128.Create(0, 1, 2, None, 1, 2, 3, None, 2, 3, 4, None, 4, 5, 6, None);
        Vector128<byte> secondPlaces =
            Vector128.Create(5, 6, 7, None, 6, 7, 8, None, 8, 9, 10, None, 9, 10, 11, None);
        Vector128<int> firstShifts = Vector128.Create(1 << 7, 1 << 4, 1 << 1, 1 << 6);
        Vector128<int> secondShifts = Vector128.Create(1 << 3, 1 << 0, 1 << 5, 1 << 2);
        Vector128<int> low = Vector128.Create(0x7FF);
        for (int i = 0; i < Degree / 8; i++)
        {
            Vector128<byte> bytes = Vector128.Load(padded + (11 * i));
            Vector128<int> first = (Shuffle(bytes, firstPlaces).AsInt32() * firstShifts) >>> 7;
            Vector128<int> second = (Shuffle(bytes, secondPlaces).AsInt32() * secondShifts) >>> 7;
            Vector128<short> values = Vector128.Narrow(first & low, second & low) << 4;
            MlKemVector128.MultiplyRound(values, Vector128.Create(Modulus)).Store(polynomial + (8 * i));
        }
    }

    // Two bytes that hold each field, and the power of two that brings it to the top.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Places, Vector128<short> Shifts) Layout(int bits) => bits switch
    {
        4 => (
            Vector128.Create((byte)0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 2, 3, 3, 4, 3, 4),
            Vector128.Create(4096, 256, 4096, 256, 4096, 256, 4096, 256)),
        5 => (
            Vector128.Create((byte)0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5),
            Vector128.Create(2048, 64, 512, 16, 128, 1024, 32, 256)),
        _ => (
            Vector128.Create((byte)0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9),
            Vector128.Create(64, 16, 4, 1, 64, 16, 4, 1)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> bytes, byte* padded) =>
        bytes.CopyTo(new Span<byte>(padded, bytes.Length));
}
