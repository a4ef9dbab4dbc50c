using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Tests.Erasure;

public sealed class GaloisKernelTests
{
    public static TheoryData<string> Names() => [.. GaloisKernel.All.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_coefficient_multiplies_every_byte_as_the_field_does(string name)
    {
        GaloisKernel kernel = GaloisKernel.All.Single(each => each.Name == name);
        byte[] stripe = new byte[2 * 256];
        for (int i = 0; i < 256; i++)
        {
            stripe[i] = (byte)i;
        }

        for (int coefficient = 0; coefficient < 256; coefficient++)
        {
            kernel.Run(new Combination([0], [1], [(byte)coefficient]), stripe, 256);

            byte[] products = [.. stripe.Take(256).Select(value => GaloisField.Multiply((byte)coefficient, value))];
            Assert.Equal(products, stripe.AsSpan(256).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kernel_does_as_the_portable_one(string name)
    {
        GaloisKernel kernel = GaloisKernel.All.Single(each => each.Name == name);
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int run = 0; run < 300; run++)
        {
            int fragments = random.Next(2, 24);
            int length = 64 * random.Next(1, 20);
            int[] order = [.. Enumerable.Range(0, fragments).OrderBy(_ => random.Next())];
            int targets = random.Next(1, fragments);
            byte[] coefficients = new byte[targets * (fragments - targets)];
            random.NextBytes(coefficients);
            byte[] expected = new byte[fragments * length];
            random.NextBytes(expected);
            byte[] actual = [.. expected];
            Combination combination = new(order[targets..], order[..targets], coefficients);

            GaloisKernel.Portable.Run(combination, expected, length);
            kernel.Run(combination, actual, length);

            Assert.True(expected.AsSpan().SequenceEqual(actual), $"seed {seed}, run {run}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fragments_outside_the_stripe_are_refused(string name)
    {
        GaloisKernel kernel = GaloisKernel.All.Single(each => each.Name == name);
        byte[] stripe = new byte[2 * 64];

        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Run(new Combination([0], [2], [1]), stripe, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Run(new Combination([-1], [1], [1]), stripe, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Run(new Combination([0], [1], [1, 1]), stripe, 64));
    }
}
