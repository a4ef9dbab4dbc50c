using System.Security.Cryptography;
using SigmaComms.Cryptography.Kdf;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Contracts;

/// <summary>What every key derivation function of the registry must do; a new one inherits all of it.</summary>
/// <remarks>Known answers are in <see cref="Kdf.HkdfTests"/>, from RFC 5869 and Wycheproof.</remarks>
public sealed class KdfContractTests(ITestOutputHelper output)
{
    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    public static TheoryData<string> Names => [.. AlgorithmRegistry.Kdfs.Select(algorithm => algorithm.Name)];

    [Fact]
    public void Names_are_unique_and_find_their_function()
    {
        IReadOnlyList<KdfAlgorithm> all = AlgorithmRegistry.Kdfs;

        Assert.Equal(all.Count, all.Select(algorithm => algorithm.Name).Distinct().Count());
        Assert.All(all, algorithm => Assert.Same(algorithm, AlgorithmRegistry.FindKdf(algorithm.Name)));
        Assert.All(all, algorithm => Assert.Equal(algorithm.Name, algorithm.ToString()));
        Assert.Null(AlgorithmRegistry.FindKdf("HKDF-MD5"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_the_construction_of_RFC_5869_over_HMAC(string name)
    {
        KdfAlgorithm algorithm = Named(name);
        HashAlgorithmName hash = new(name["HKDF-".Length..]);
        foreach (int size in (int[])[0, 1, algorithm.HashSize, algorithm.HashSize + 1, 300])
        {
            (byte[] salt, byte[] input, byte[] info) = (_random.Bytes(size), _random.Bytes(size), _random.Bytes(size));

            byte[] extracted = Extract(algorithm, salt, input);
            byte[] expanded = Expand(algorithm, extracted, info, 3 * algorithm.HashSize);

            Assert.Equal(Mac(hash, salt, input), extracted);
            byte[] first = Mac(hash, extracted, [.. info, 1]);
            byte[] second = Mac(hash, extracted, [.. first, .. info, 2]);
            byte[] third = Mac(hash, extracted, [.. second, .. info, 3]);
            Assert.Equal([.. first, .. second, .. third], expanded);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Salt_input_and_info_each_make_another_key_and_a_shorter_key_is_the_start_of_a_longer(string name)
    {
        KdfAlgorithm algorithm = Named(name);
        byte[] extracted = Extract(algorithm, "salt"u8, "input"u8);
        byte[] key = Expand(algorithm, extracted, "info"u8, 100);

        Assert.NotEqual(extracted, Extract(algorithm, "salz"u8, "input"u8));
        Assert.NotEqual(extracted, Extract(algorithm, "salt"u8, "inpus"u8));
        Assert.NotEqual(key, Expand(algorithm, extracted, "inf"u8, 100));
        Assert.NotEqual(key, Expand(algorithm, Extract(algorithm, default, "input"u8), "info"u8, 100));
        Assert.Equal(key[..99], Expand(algorithm, extracted, "info"u8, 99));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_longest_output_is_made_and_wrong_lengths_are_argument_errors(string name)
    {
        KdfAlgorithm algorithm = Named(name);
        byte[] extracted = Extract(algorithm, default, default);
        int longest = algorithm.OutputSizeMax;

        Assert.Equal(longest, Expand(algorithm, extracted, default, longest).Length);
        Assert.Empty(Expand(algorithm, extracted, default, 0));
        Assert.ThrowsAny<ArgumentException>(() => Expand(algorithm, extracted, default, longest + 1));
        Assert.ThrowsAny<ArgumentException>(() => Expand(algorithm, extracted.AsSpan(1), default, 10));
        Assert.ThrowsAny<ArgumentException>(() => algorithm.Extract(default, default, new byte[longest]));
    }

    private static KdfAlgorithm Named(string name) => AlgorithmRegistry.FindKdf(name)!;

    private static byte[] Mac(HashAlgorithmName hash, byte[] key, byte[] data) =>
        CryptographicOperations.HmacData(hash, key, data);

    private static byte[] Extract(KdfAlgorithm algorithm, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> input)
    {
        byte[] extracted = new byte[algorithm.HashSize];
        algorithm.Extract(salt, input, extracted);
        return extracted;
    }

    private static byte[] Expand(
        KdfAlgorithm algorithm, ReadOnlySpan<byte> extracted, ReadOnlySpan<byte> info, int size)
    {
        byte[] key = new byte[size];
        algorithm.Expand(extracted, info, key);
        return key;
    }
}
