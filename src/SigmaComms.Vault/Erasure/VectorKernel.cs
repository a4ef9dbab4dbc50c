using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SigmaComms.Vault.Erasure;

/// <summary>Sums of products on vectors of one kind: up to four rows in one pass over the sources.</summary>
/// <typeparam name="TField">How vectors are worked with.</typeparam>
/// <typeparam name="TVector">Some bytes of a fragment.</typeparam>
/// <typeparam name="TFactor">A coefficient.</typeparam>
/// <remarks>
/// Offsets cannot overflow, since slots were checked against the stripe, so arithmetic is unchecked here. Two vectors
/// of each row stay in registers while all sources go by.
/// </remarks>
internal sealed class VectorKernel<TField, TVector, TFactor>(string name, GaloisKernel rest) : GaloisKernel
    where TField : struct, IFieldVector<TVector, TFactor>
    where TVector : struct
    where TFactor : struct
{
    private const int RowsMax = 4;

    private static readonly int StepBytes = 2 * Unsafe.SizeOf<TVector>();

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    internal override void Run(Combination combination, Span<byte> stripe, int fragmentLength, int from)
    {
        int sizeBytes = fragmentLength - from;
        int inVectors = sizeBytes - (sizeBytes % StepBytes);
        Span<nuint> sources = stackalloc nuint[combination.Sources.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = (nuint)(combination.Sources[i] * fragmentLength);
        }

        ReadOnlySpan<byte> coefficients = combination.Coefficients;
        ReadOnlySpan<int> targets = combination.Targets;
        while (!targets.IsEmpty)
        {
            int rows = targets.Length >= RowsMax ? RowsMax : targets.Length >= 2 ? 2 : 1;
            Rows(coefficients, stripe, sources, targets[..rows], fragmentLength, (from, from + inVectors));
            coefficients = coefficients[(rows * sources.Length)..];
            targets = targets[rows..];
        }

        if (inVectors < sizeBytes)
        {
            rest.Run(combination, stripe, fragmentLength, from + inVectors);
        }
    }

    private static void Rows(
        ReadOnlySpan<byte> coefficients,
        Span<byte> stripe,
        ReadOnlySpan<nuint> sources,
        ReadOnlySpan<int> targets,
        int fragmentLength,
        (int From, int To) range)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(stripe);
        ref byte table = ref MemoryMarshal.GetArrayDataReference(TField.Table);
        nuint from = (nuint)range.From;
        nuint to = (nuint)range.To;
        switch (targets.Length)
        {
            case RowsMax:
                Four(
                    coefficients, ref bytes, ref table, sources, from, to,
                    ((nuint)(targets[0] * fragmentLength), (nuint)(targets[1] * fragmentLength)),
                    ((nuint)(targets[2] * fragmentLength), (nuint)(targets[3] * fragmentLength)));
                break;
            case 2:
                Two(
                    coefficients, ref bytes, ref table, sources, from, to,
                    ((nuint)(targets[0] * fragmentLength), (nuint)(targets[1] * fragmentLength)));
                break;
            default:
                One(coefficients, ref bytes, ref table, sources, from, to, (nuint)(targets[0] * fragmentLength));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(
        ReadOnlySpan<byte> coefficients,
        ref byte bytes,
        ref byte table,
        ReadOnlySpan<nuint> sources,
        nuint from,
        nuint to,
        nuint target)
    {
        unchecked
        {
            nuint width = (nuint)Unsafe.SizeOf<TVector>();
            ref byte factors = ref MemoryMarshal.GetReference(coefficients);
            for (nuint at = from; at < to; at += 2 * width)
            {
                TVector a0 = default;
                TVector a1 = default;
                for (int j = 0; j < sources.Length; j++)
                {
                    nuint source = sources[j] + at;
                    TFactor factor = TField.Factor(ref table, Unsafe.Add(ref factors, j));
                    a0 = TField.AddProduct(a0, TField.Load(ref bytes, source), factor);
                    a1 = TField.AddProduct(a1, TField.Load(ref bytes, source + width), factor);
                }

                TField.Store(a0, ref bytes, target + at);
                TField.Store(a1, ref bytes, target + at + width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(
        ReadOnlySpan<byte> coefficients,
        ref byte bytes,
        ref byte table,
        ReadOnlySpan<nuint> sources,
        nuint from,
        nuint to,
        (nuint A, nuint B) targets)
    {
        unchecked
        {
            nuint width = (nuint)Unsafe.SizeOf<TVector>();
            ref byte rowA = ref MemoryMarshal.GetReference(coefficients);
            ref byte rowB = ref Unsafe.Add(ref rowA, sources.Length);
            for (nuint at = from; at < to; at += 2 * width)
            {
                TVector a0 = default, a1 = default, b0 = default, b1 = default;
                for (int j = 0; j < sources.Length; j++)
                {
                    nuint source = sources[j] + at;
                    TVector s0 = TField.Load(ref bytes, source);
                    TVector s1 = TField.Load(ref bytes, source + width);
                    TFactor factor = TField.Factor(ref table, Unsafe.Add(ref rowA, j));
                    a0 = TField.AddProduct(a0, s0, factor);
                    a1 = TField.AddProduct(a1, s1, factor);
                    factor = TField.Factor(ref table, Unsafe.Add(ref rowB, j));
                    b0 = TField.AddProduct(b0, s0, factor);
                    b1 = TField.AddProduct(b1, s1, factor);
                }

                TField.Store(a0, ref bytes, targets.A + at);
                TField.Store(a1, ref bytes, targets.A + at + width);
                TField.Store(b0, ref bytes, targets.B + at);
                TField.Store(b1, ref bytes, targets.B + at + width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(
        ReadOnlySpan<byte> coefficients,
        ref byte bytes,
        ref byte table,
        ReadOnlySpan<nuint> sources,
        nuint from,
        nuint to,
        (nuint A, nuint B) first,
        (nuint C, nuint D) last)
    {
        unchecked
        {
            nuint width = (nuint)Unsafe.SizeOf<TVector>();
            nuint columns = (nuint)sources.Length;
            ref byte row = ref MemoryMarshal.GetReference(coefficients);
            for (nuint at = from; at < to; at += 2 * width)
            {
                TVector a0 = default, a1 = default, b0 = default, b1 = default;
                TVector c0 = default, c1 = default, d0 = default, d1 = default;
                for (nuint j = 0; j < columns; j++)
                {
                    nuint source = sources[(int)j] + at;
                    TVector s0 = TField.Load(ref bytes, source);
                    TVector s1 = TField.Load(ref bytes, source + width);
                    TFactor factor = TField.Factor(ref table, Unsafe.Add(ref row, j));
                    a0 = TField.AddProduct(a0, s0, factor);
                    a1 = TField.AddProduct(a1, s1, factor);
                    factor = TField.Factor(ref table, Unsafe.Add(ref row, j + columns));
                    b0 = TField.AddProduct(b0, s0, factor);
                    b1 = TField.AddProduct(b1, s1, factor);
                    factor = TField.Factor(ref table, Unsafe.Add(ref row, j + (2 * columns)));
                    c0 = TField.AddProduct(c0, s0, factor);
                    c1 = TField.AddProduct(c1, s1, factor);
                    factor = TField.Factor(ref table, Unsafe.Add(ref row, j + (3 * columns)));
                    d0 = TField.AddProduct(d0, s0, factor);
                    d1 = TField.AddProduct(d1, s1, factor);
                }

                TField.Store(a0, ref bytes, first.A + at);
                TField.Store(a1, ref bytes, first.A + at + width);
                TField.Store(b0, ref bytes, first.B + at);
                TField.Store(b1, ref bytes, first.B + at + width);
                TField.Store(c0, ref bytes, last.C + at);
                TField.Store(c1, ref bytes, last.C + at + width);
                TField.Store(d0, ref bytes, last.D + at);
                TField.Store(d1, ref bytes, last.D + at + width);
            }
        }
    }
}
