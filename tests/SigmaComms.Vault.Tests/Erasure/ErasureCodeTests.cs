using System.Numerics;
using System.Runtime.CompilerServices;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Tests.Erasure;

public sealed class ErasureCodeTests
{
    public static TheoryData<int, int, int, string> KnownAnswers()
    {
        TheoryData<int, int, int, string> rows = [];
        foreach (string line in File.ReadAllLines(PathOf("isa-l-parity.txt")))
        {
            string[] fields = line.Split(' ');
            rows.Add(int.Parse(fields[0]), int.Parse(fields[1]), int.Parse(fields[2]), fields[3]);
        }

        return rows;
    }

    // The file was made with Debian's libisal2 2.30: gf_gen_cauchy1_matrix, ec_init_tables, ec_encode_data.
    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Parity_is_that_of_ISA_L_with_every_kernel(int data, int parity, int length, string sha256)
    {
        foreach (GaloisKernel kernel in GaloisKernel.All)
        {
            byte[] stripe = new byte[(data + parity) * length];
            for (int i = 0; i < data * length; i++)
            {
                stripe[i] = unchecked((byte)((i * 167) + ((i >> 8) * 59) + 11));
            }

            new ErasureCode(data, parity, kernel).Encode(stripe);

            Assert.Equal(sha256, Digest.Sha256(stripe.AsSpan(data * length)).ToString());
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(6, 4)]
    public void Whichever_fragments_are_lost_any_k_give_back_all(int data, int parity)
    {
        ErasureCode code = new(data, parity);
        byte[] whole = Encoded(code, 192, out int seed);
        for (uint mask = 0; mask < 1u << code.Fragments; mask++)
        {
            bool[] present = Present(mask, code.Fragments);
            byte[] damaged = Damaged(whole, present, 192);
            byte[] before = [.. damaged];

            bool rebuilt = code.TryRebuild(damaged, present, [.. present.Select(_ => true)]);

            Assert.Equal(BitOperations.PopCount(mask) >= data, rebuilt);
            Assert.True(damaged.AsSpan().SequenceEqual(rebuilt ? whole : before), $"seed {seed}, mask {mask:x}");
        }
    }

    [Theory]
    [InlineData(10, 4)]
    [InlineData(16, 16)]
    [InlineData(100, 50)]
    [InlineData(128, 127)]
    public void Large_shapes_survive_as_many_random_losses_as_they_may(int data, int parity)
    {
        ErasureCode code = new(data, parity);
        byte[] whole = Encoded(code, 64, out int seed);
        Random random = new(seed);
        for (int run = 0; run < 8; run++)
        {
            bool[] present = [.. Enumerable.Repeat(true, code.Fragments)];
            foreach (int lost in Enumerable.Range(0, code.Fragments).OrderBy(_ => random.Next()).Take(parity))
            {
                present[lost] = false;
            }

            byte[] damaged = Damaged(whole, present, 64);

            Assert.True(code.TryRebuild(damaged, present, [.. present.Select(_ => true)]));
            Assert.True(damaged.AsSpan().SequenceEqual(whole), $"seed {seed}, run {run}");
        }
    }

    [Fact]
    public void Only_the_wanted_parity_is_computed_and_what_is_present_stays()
    {
        ErasureCode code = new(4, 2);
        byte[] whole = Encoded(code, 64, out int seed);
        bool[] present = [true, false, true, true, false, true];
        byte[] damaged = Damaged(whole, present, 64);
        byte[] parityBefore = damaged[(4 * 64)..(5 * 64)];

        bool rebuilt = code.TryRebuild(damaged, present, [false, true, false, false, false, false]);

        Assert.True(rebuilt);
        Assert.True(damaged.AsSpan(0, 4 * 64).SequenceEqual(whole.AsSpan(0, 4 * 64)), $"seed {seed}");
        Assert.Equal(parityBefore, damaged[(4 * 64)..(5 * 64)]);
        Assert.Equal(whole[(5 * 64)..], damaged[(5 * 64)..]);
    }

    [Fact]
    public void A_lost_parity_is_computed_though_data_is_lost_too()
    {
        ErasureCode code = new(3, 3);
        byte[] whole = Encoded(code, 128, out int seed);
        bool[] present = [false, true, false, true, true, false];
        byte[] damaged = Damaged(whole, present, 128);

        bool rebuilt = code.TryRebuild(damaged, present, [false, false, false, false, false, true]);

        Assert.True(rebuilt);
        Assert.True(damaged.AsSpan(5 * 128).SequenceEqual(whole.AsSpan(5 * 128)), $"seed {seed}");
    }

    [Fact]
    public void Shapes_and_lengths_out_of_range_are_refused()
    {
        ErasureCode code = new(2, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => new ErasureCode(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ErasureCode(129, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ErasureCode(128, 128));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ErasureCode(1, -1));
        Assert.Throws<ArgumentException>(() => code.Encode(new byte[3 * 64 + 3]));
        Assert.Throws<ArgumentException>(() => code.TryRebuild(new byte[3 * 64], [true], [true]));
    }

    private static byte[] Encoded(ErasureCode code, int length, out int seed)
    {
        seed = Random.Shared.Next();
        byte[] stripe = new byte[code.Fragments * length];
        new Random(seed).NextBytes(stripe.AsSpan(0, code.DataFragments * length));
        code.Encode(stripe);
        return stripe;
    }

    private static bool[] Present(uint mask, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (mask >> i & 1) != 0)];

    private static byte[] Damaged(byte[] whole, bool[] present, int length)
    {
        byte[] damaged = [.. whole];
        for (int i = 0; i < present.Length; i++)
        {
            if (!present[i])
            {
                damaged.AsSpan(i * length, length).Fill(0xa5);
            }
        }

        return damaged;
    }

    private static string PathOf(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, name);
}
