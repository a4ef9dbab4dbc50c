using SigmaComms.Cryptography.Hashing;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Contracts;

/// <summary>What every hash function of the registry must do; a new one inherits all of it.</summary>
public sealed class HashContractTests(ITestOutputHelper output)
{
    // Known answers: NIST's example values of FIPS 180-4 and FIPS 202 for the message "abc".
    private static readonly Dictionary<string, string> OfAbc = new(StringComparer.Ordinal)
    {
        ["SHA-224"] =
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        ["SHA-256"] =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ["SHA-384"] =
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
            + "8086072ba1e7cc2358baeca134c825a7",
        ["SHA-512"] =
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ["SHA-512/224"] =
            "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
        ["SHA-512/256"] =
            "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
        ["SHA3-224"] =
            "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
        ["SHA3-256"] =
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        ["SHA3-384"] =
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
            + "98d88cea927ac7f539f1edf228376d25",
        ["SHA3-512"] =
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
            + "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        ["SHAKE128"] =
            "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8",
        ["SHAKE256"] =
            "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
            + "d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4",
    };

    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    public static TheoryData<string> Names => [.. AlgorithmRegistry.Hashes.Select(function => function.Name)];

    [Fact]
    public void Names_are_unique_and_find_their_function()
    {
        IReadOnlyList<HashFunction> all = AlgorithmRegistry.Hashes;

        Assert.Equal(all.Count, all.Select(function => function.Name).Distinct().Count());
        Assert.All(all, function => Assert.Same(function, AlgorithmRegistry.FindHash(function.Name)));
        Assert.All(all, function => Assert.Equal(function.Name, function.ToString()));
        Assert.Null(AlgorithmRegistry.FindHash("MD5"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_standards_message_has_the_standards_hash(string name)
    {
        Assert.True(OfAbc.TryGetValue(name, out string? expected), "A new hash function brings its known answer.");

        Assert.Equal(expected, Convert.ToHexStringLower(Hash(Named(name), "abc"u8)));
    }

    // The input ends at a page that nobody may touch, at every place of a block's end.
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_length_around_a_block_has_a_hash_of_its_own_and_nothing_beyond_is_read(string name)
    {
        HashFunction function = Named(name);
        byte[] data = _random.Bytes((2 * function.BlockSize) + 20);
        HashSet<string> seen = [];

        for (int size = 0; size <= data.Length; size++)
        {
            using GuardedBuffer guarded = new(data[..size], atTheEnd: true);
            byte[] hash = Hash(function, guarded.Span);

            Assert.True(seen.Add(Convert.ToHexString(hash)), $"{size} bytes");
            Assert.Equal(hash, Hash(function, data.AsSpan(0, size)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_anywhere_changes_the_hash(string name)
    {
        HashFunction function = Named(name);
        byte[] data = _random.Bytes(function.BlockSize + 3);
        byte[] hash = Hash(function, data);

        for (int bit = 0; bit < 8 * data.Length; bit += 5)
        {
            data[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(hash, Hash(function, data));
            data[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fixed_hash_wants_its_size_and_an_extendable_one_begins_the_same_at_every_size(string name)
    {
        HashFunction function = Named(name);
        byte[] data = _random.Bytes(50);
        byte[] longest = new byte[(3 * function.BlockSize) + 1];
        if (!function.IsExtendable)
        {
            Assert.Throws<ArgumentException>(() => function.HashData(data, longest));
            Assert.Throws<ArgumentException>(() => function.HashData(data, new byte[function.OutputSize - 1]));
            return;
        }

        function.HashData(data, longest);

        for (int size = 0; size <= longest.Length; size += 7)
        {
            using GuardedBuffer shorter = new(size, atTheEnd: true);
            function.HashData(data, shorter.Span);
            Assert.Equal(longest.AsSpan(0, size), shorter.Span);
        }
    }

    private static HashFunction Named(string name) => AlgorithmRegistry.FindHash(name)!;

    private static byte[] Hash(HashFunction function, ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[function.OutputSize];
        function.HashData(data, hash);
        return hash;
    }
}
