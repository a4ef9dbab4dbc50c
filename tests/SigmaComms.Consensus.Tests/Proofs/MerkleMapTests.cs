using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Proofs;

public sealed class MerkleMapTests(ITestOutputHelper output)
{
    private static readonly MerkleMap<TextValue> Empty = MerkleMap<TextValue>.Empty;

    [Fact]
    public void An_empty_map_has_a_root_of_zeros_and_proves_that_nothing_is_in_it()
    {
        Digest key = Digest.Sha256([1]);

        Assert.Equal(default, Empty.Root);
        Assert.True(Empty.Prove(key).VerifyAbsence(key, Empty.Root));
        Assert.False(Empty.Prove(key).VerifyPresence(key, default, Empty.Root));
    }

    [Fact]
    public void Keys_that_share_255_bits_stand_beside_each_other()
    {
        Digest left = new(new byte[32]);
        byte[] last = new byte[32];
        last[31] = 1;
        Digest right = new(last);

        MerkleMap<TextValue> map = Empty.Set(left, new("left")).Set(right, new("right"));

        Assert.Equal(256, map.Prove(left).Siblings.Count);
        Assert.True(map.Prove(right).VerifyPresence(right, new TextValue("right").ComputeDigest(), map.Root));
        Assert.Equal(Empty.Set(left, new("left")).Root, map.Remove(right).Root);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_map_holds_what_a_sorted_dictionary_holds_and_its_root_depends_on_nothing_else(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        Digest[] keys = [.. Enumerable.Range(0, 60).Select(i => Near(random, i))];
        SortedDictionary<Digest, TextValue> model = [];
        MerkleMap<TextValue> map = Empty;
        for (int step = 0; step < 600; step++)
        {
            Digest key = keys[random.Below(keys.Length)];
            if (random.Below(3) == 0)
            {
                model.Remove(key);
                map = map.Remove(key);
            }
            else
            {
                model[key] = new TextValue($"{step}");
                map = map.Set(key, model[key]);
            }

            Assert.Equal(model.Count, map.Count);
        }

        Assert.Equal(model, map.Entries);
        Assert.Equal(model.Reverse().Aggregate(Empty, (m, e) => m.Set(e.Key, e.Value)).Root, map.Root);
        Assert.All(keys, key => Assert.Equal(model.GetValueOrDefault(key), map.TryGet(key, out var v) ? v : null));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Proofs_show_what_is_there_and_what_is_not_and_foretell_the_root_after_a_change(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        MerkleMap<TextValue> map = Empty;
        for (int step = 0; step < 120; step++)
        {
            Digest key = Near(random, step % 70);
            TextValue value = new($"{step}");
            MapProof proof = map.Prove(key);
            bool isThere = map.TryGet(key, out TextValue? found);

            Assert.Equal(!isThere, proof.VerifyAbsence(key, map.Root));
            Assert.Equal(isThere, proof.VerifyPresence(key, found?.ComputeDigest() ?? default, map.Root));
            Assert.False(proof.VerifyPresence(key, Digest.Sha256([9]), map.Root));

            Digest foretold = proof.RootAfterSet(key, value.ComputeDigest());
            map = map.Set(key, value);

            Assert.Equal(foretold, map.Root);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_makes_it_fail()
    {
        SeededRandom random = new(5);
        Digest[] keys = [.. Enumerable.Range(0, 30).Select(_ => random.Digest())];
        MerkleMap<TextValue> map = keys.Aggregate(Empty, (m, key) => m.Set(key, new TextValue($"{key}")));
        Digest present = keys[4];
        Digest digest = new TextValue($"{present}").ComputeDigest();
        Digest absent = random.Digest();

        byte[] presence = Written(map.Prove(present));
        byte[] absence = Written(map.Prove(absent));

        Assert.True(Shows(presence, present) && Shows(absence, absent));
        Assert.All(Hostile.BitFlips(presence), bytes => Assert.False(Shows(bytes, present)));
        Assert.All(Hostile.BitFlips(absence), bytes => Assert.False(Shows(bytes, absent)));
        Assert.All(Hostile.Cuts(presence), bytes => Assert.False(Shows(bytes, present)));

        bool Shows(byte[] bytes, Digest key)
        {
            WireReader reader = new(bytes);
            return MapProof.TryRead(ref reader, out MapProof? proof) && reader.AtEnd && (key == present
                ? proof.VerifyPresence(key, digest, map.Root)
                : proof.VerifyAbsence(key, map.Root));
        }
    }

    [Fact]
    public void The_proof_of_another_place_does_not_show_that_a_key_is_absent()
    {
        SeededRandom random = new(6);
        Digest[] keys = [.. Enumerable.Range(0, 30).Select(_ => random.Digest())];
        MerkleMap<TextValue> map = keys.Aggregate(Empty, (m, key) => m.Set(key, new TextValue($"{key}")));

        MapProof[] proofs = [.. keys.Select(map.Prove)];

        for (int i = 0; i < keys.Length; i++)
        {
            Assert.All(proofs, proof => Assert.False(proof.VerifyAbsence(keys[i], map.Root)));
        }
    }

    [Fact]
    public void A_fork_shares_and_does_not_disturb()
    {
        SeededRandom random = new(7);
        MerkleMap<TextValue> trunk = Enumerable.Range(0, 50)
            .Aggregate(Empty, (m, i) => m.Set(random.Digest(), new TextValue($"{i}")));
        Digest root = trunk.Root;
        Digest first = trunk.Entries.First().Key;

        MerkleMap<TextValue> changed = trunk.Set(first, new TextValue("changed"));
        MerkleMap<TextValue> removed = trunk.Remove(first);

        Assert.Equal(3, new[] { root, changed.Root, removed.Root }.Distinct().Count());
        Assert.Equal((root, 50), (trunk.Root, trunk.Count));
        Assert.Same(trunk, trunk.Remove(random.Digest()));
    }

    // Keys that share long beginnings, as no hash would, but as a map must bear.
    private static Digest Near(SeededRandom random, int number)
    {
        byte[] key = new byte[32];
        key[number % 5] = (byte)(number / 5);
        key[31] = (byte)random.Below(2);
        return new Digest(key);
    }

    private static byte[] Written(MapProof proof)
    {
        WireWriter writer = new();
        proof.WriteTo(writer);
        return writer.ToArray();
    }
}
