using System.Globalization;
using System.Runtime.InteropServices;
using SigmaComms.Bench.Channels;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Erasure;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Bench.Vaults;

/// <summary>Encoding, beside ISA-L in alternation, and sealing of whole stripes; by CPU time of one thread.</summary>
internal static class StripeBench
{
    private const int Rounds = 30;
    private const int StripeBytes = 1 << 20;

    /// <summary>Encodes 1 MiB in two shapes with either.</summary>
    public static void RunErasure()
    {
        Console.WriteLine($"kernel: {ErasureCode.KernelName}; ISA-L: {(IsaL.IsInstalled ? "installed" : "absent")}");
        EncodeLine(4, 2);
        EncodeLine(10, 4);
    }

    /// <summary>Seals, encodes and hashes 1 MiB, and opens it again without two fragments of data.</summary>
    public static void RunSealing()
    {
        byte[] plaintext = new byte[StripeBytes];
        using StripeSealer sealer = new(default, new byte[32], 4, 2);
        using StripeOpener opener = new(default, new byte[32]);
        byte[] stripe = new byte[sealer.LayoutOf(StripeBytes).StripeLength];
        StripeEntry entry = sealer.Seal(plaintext, stripe, SystemRandom.Instance);
        byte[] room = new byte[stripe.Length];
        PrintMilliseconds(
            "seal + encode + Merkle, 1 MiB, 4+2", () => sealer.Seal(plaintext, stripe, SystemRandom.Instance));
        entry = sealer.Seal(plaintext, stripe, SystemRandom.Instance);
        PrintMilliseconds("verify + rebuild 2 + open, 1 MiB, 4+2", () => Open(opener, entry, stripe, room));
    }

    private static void Open(StripeOpener opener, StripeEntry entry, byte[] stripe, byte[] room)
    {
        int length = entry.Layout.FragmentLength;
        using StripeAssembly assembly = new(entry, room);
        for (int i = 2; i < 6; i++)
        {
            assembly.TryAccept(i, stripe.AsSpan(i * length, length));
        }

        if (opener.Open(assembly, out _) != StripeOpening.Opened)
        {
            throw new InvalidOperationException("The stripe does not open.");
        }
    }

    private static void EncodeLine(int data, int parity)
    {
        int length = ((StripeBytes / data) + ErasureCode.FragmentUnitBytes - 1)
            / ErasureCode.FragmentUnitBytes * ErasureCode.FragmentUnitBytes;
        byte[] stripe = GC.AllocateArray<byte>((data + parity) * length, pinned: true);
        new Random(1).NextBytes(stripe.AsSpan(0, data * length));
        ErasureCode code = new(data, parity);
        Action native = IsaL.IsInstalled ? NativeEncoder(stripe, data, parity, length) : () => { };
        double own = double.MaxValue;
        double other = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            own = Math.Min(own, SecondsOf(() => code.Encode(stripe), 100));
            other = Math.Min(other, SecondsOf(native, 100));
        }

        double gigabytes = (double)data * length / 1e9;
        string beside = IsaL.IsInstalled
            ? string.Create(CultureInfo.InvariantCulture, $"ISA-L {gigabytes / other:F1}, ratio {other / own:F2}")
            : "no ISA-L to compare with";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"encode {data}+{parity}, 1 MiB: {gigabytes / own:F1} GB/s of data, {beside}"));
    }

    private static Action NativeEncoder(byte[] stripe, int data, int parity, int length)
    {
        byte[] matrix = GC.AllocateArray<byte>((data + parity) * data, pinned: true);
        byte[] tables = GC.AllocateArray<byte>(data * parity * 32, pinned: true);
        nint[] rows = GC.AllocateArray<nint>(data + parity, pinned: true);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Marshal.UnsafeAddrOfPinnedArrayElement(stripe, i * length);
        }

        IsaL.MakeMatrix(Marshal.UnsafeAddrOfPinnedArrayElement(matrix, 0), data + parity, data);
        IsaL.MakeTables(
            data,
            parity,
            Marshal.UnsafeAddrOfPinnedArrayElement(matrix, data * data),
            Marshal.UnsafeAddrOfPinnedArrayElement(tables, 0));
        return () => IsaL.Encode(
            length,
            data,
            parity,
            Marshal.UnsafeAddrOfPinnedArrayElement(tables, 0),
            Marshal.UnsafeAddrOfPinnedArrayElement(rows, 0),
            Marshal.UnsafeAddrOfPinnedArrayElement(rows, data));
    }

    private static void PrintMilliseconds(string name, Action action)
    {
        double best = double.MaxValue;
        double sum = 0;
        for (int round = 0; round < Rounds; round++)
        {
            double seconds = SecondsOf(action, 10);
            best = Math.Min(best, seconds);
            sum += seconds;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: best {best * 1e3:F2} ms, mean {sum * 1e3 / Rounds:F2} ms"));
    }

    private static double SecondsOf(Action action, int times)
    {
        long start = ThreadTime.Nanoseconds;
        for (int i = 0; i < times; i++)
        {
            action();
        }

        return (ThreadTime.Nanoseconds - start) / 1e9 / times;
    }
}
