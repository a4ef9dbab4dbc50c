using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Cryptography.HashSignatures;
using SigmaComms.Cryptography.Tests.Signatures;
using Xunit.Abstractions;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Tests.HashSignatures;

/// <summary>The hashes of SLH-DSA side by side are those of the standard's text, one by one.</summary>
public sealed class SlhHashTests(ITestOutputHelper output)
{
    private static readonly int[] Counts = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33];

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Rows_of_every_size_and_number_have_the_hashes_of_the_text(string name)
    {
        SlhParameters set = SlhDsaSurface.Named(name).Set;
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] publicSeed = random.Bytes(set.HashSize);
        using SlhHash hash = SlhHash.Create(set, publicSeed, default);
        int[] sizes = [set.HashSize, 2 * set.HashSize, set.ForestTrees * set.HashSize, set.ChainsSize];

        foreach (int size in sizes)
        {
            foreach (int count in Counts)
            {
                SlhAddress[] places = Places(random, count);
                byte[] rows = random.Bytes(count * size);
                byte[] hashes = new byte[count * set.HashSize];

                hash.HashRows(places, rows, hashes);

                for (int i = 0; i < count; i++)
                {
                    byte[] expected = Plain(set, publicSeed, places[i], rows.AsSpan(i * size, size), size);
                    Assert.Equal(expected, hashes.AsSpan(i * set.HashSize, set.HashSize).ToArray());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Secrets_of_any_number_of_places_are_those_of_the_text(string name)
    {
        SlhParameters set = SlhDsaSurface.Named(name).Set;
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] publicSeed = random.Bytes(set.HashSize);
        byte[] secretSeed = random.Bytes(set.HashSize);
        using SlhHash hash = SlhHash.Create(set, publicSeed, secretSeed);

        foreach (int count in Counts)
        {
            SlhAddress[] places = Places(random, count);
            byte[] secrets = new byte[count * set.HashSize];

            hash.DeriveSecrets(places, secrets);

            for (int i = 0; i < count; i++)
            {
                byte[] expected = Plain(set, publicSeed, places[i], secretSeed, set.HashSize);
                Assert.Equal(expected, secrets.AsSpan(i * set.HashSize, set.HashSize).ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Chains_are_hashes_of_hashes_from_the_secret_through_the_kept_step_to_the_end(string name)
    {
        SlhParameters set = SlhDsaSurface.Named(name).Set;
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] publicSeed = random.Bytes(set.HashSize);
        byte[] secretSeed = random.Bytes(set.HashSize);
        using SlhHash hash = SlhHash.Create(set, publicSeed, secretSeed);

        foreach (int count in Counts)
        {
            SlhAddress[] chains = Places(random, count)
                .Select(place => place with { Type = SlhAddressType.Chain, Index = 0 }).ToArray();
            int[] steps = chains.Select(_ => random.Below(17) - 1).ToArray();
            byte[] ends = new byte[count * set.HashSize];
            byte[] kept = new byte[count * set.HashSize];

            hash.RunChains(chains, steps, ends, kept);

            for (int i = 0; i < count; i++)
            {
                Range own = (i * set.HashSize)..((i + 1) * set.HashSize);
                SlhAddress secretPlace = chains[i] with { Type = SlhAddressType.ChainSecret };
                byte[] secret = Plain(set, publicSeed, secretPlace, secretSeed, set.HashSize);
                Assert.Equal(PlainChain(set, publicSeed, chains[i], secret, 0, 15), ends[own]);
                if (steps[i] != SlhHash.KeepNone)
                {
                    Assert.Equal(PlainChain(set, publicSeed, chains[i], secret, 0, steps[i]), kept[own]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Chains_that_go_on_from_any_steps_end_where_the_text_ends(string name)
    {
        SlhParameters set = SlhDsaSurface.Named(name).Set;
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] publicSeed = random.Bytes(set.HashSize);
        using SlhHash hash = SlhHash.Create(set, publicSeed, default);

        foreach (int count in Counts)
        {
            SlhAddress[] chains = Places(random, count)
                .Select(place => place with { Type = SlhAddressType.Chain, Index = 0 }).ToArray();
            int lowest = random.Below(16);
            int[] steps = chains.Select(_ => lowest + random.Below(16 - lowest)).ToArray();
            byte[] values = random.Bytes(count * set.HashSize);
            byte[] ends = [.. values];

            hash.FinishChains(chains, steps, ends);

            for (int i = 0; i < count; i++)
            {
                Range own = (i * set.HashSize)..((i + 1) * set.HashSize);
                Assert.Equal(PlainChain(set, publicSeed, chains[i], values[own], steps[i], 15), ends[own]);
            }
        }
    }

    private static SlhAddress[] Places(SeededRandom random, int count) => Enumerable.Range(0, count)
        .Select(_ => new SlhAddress(
            (uint)random.Below(22),
            BinaryPrimitives.ReadUInt64LittleEndian(random.Bytes(8)),
            (SlhAddressType)random.Below(7),
            BinaryPrimitives.ReadUInt32LittleEndian(random.Bytes(4)),
            BinaryPrimitives.ReadUInt32LittleEndian(random.Bytes(4)),
            BinaryPrimitives.ReadUInt32LittleEndian(random.Bytes(4))))
        .ToArray();

    private static byte[] PlainChain(
        SlhParameters set, byte[] publicSeed, SlhAddress chain, byte[] value, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            value = Plain(set, publicSeed, chain with { Index = (uint)step }, value, set.HashSize);
        }

        return value;
    }

    // Section 11.1, or sections 11.2.1 and 11.2.2.
    private static byte[] Plain(
        SlhParameters set, byte[] publicSeed, SlhAddress place, ReadOnlySpan<byte> row, int rowSize)
    {
        byte[] full = new byte[32];
        BinaryPrimitives.WriteUInt32BigEndian(full, place.Layer);
        BinaryPrimitives.WriteUInt64BigEndian(full.AsSpan(8), place.Tree);
        BinaryPrimitives.WriteUInt32BigEndian(full.AsSpan(16), (uint)place.Type);
        BinaryPrimitives.WriteUInt32BigEndian(full.AsSpan(20), place.KeyPair);
        BinaryPrimitives.WriteUInt32BigEndian(full.AsSpan(24), place.Chain);
        BinaryPrimitives.WriteUInt32BigEndian(full.AsSpan(28), place.Index);
        if (set.IsShake)
        {
            byte[] squeezed = new byte[set.HashSize];
            Shake256.HashData([.. publicSeed, .. full, .. row], squeezed);
            return squeezed;
        }

        byte[] address = [full[3], .. full[8..16], full[19], .. full[20..]];
        bool isLong = set.HashSize > 16 && rowSize > set.HashSize;
        byte[] seedBlock = new byte[isLong ? 128 : 64];
        publicSeed.CopyTo(seedBlock, 0);
        byte[] input = [.. seedBlock, .. address, .. row];
        return (isLong ? SHA512.HashData(input) : SHA256.HashData(input))[..set.HashSize];
    }
}
