using SigmaComms.Cryptography.Aead;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Contracts;

/// <summary>What every cipher of the registry must do; a new one inherits all of it.</summary>
public sealed class AeadContractTests(ITestOutputHelper output)
{
    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    public static TheoryData<string> Names => [.. AlgorithmRegistry.Aeads.Select(algorithm => algorithm.Name)];

    [Fact]
    public void Names_are_unique_and_find_their_cipher()
    {
        IReadOnlyList<AeadAlgorithm> all = AlgorithmRegistry.Aeads;

        Assert.Equal(4, all.Select(algorithm => algorithm.Name).Distinct().Count());
        Assert.All(all, algorithm => Assert.Same(algorithm, AlgorithmRegistry.FindAead(algorithm.Name)));
        Assert.Null(AlgorithmRegistry.FindAead("AES-64-GCM"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_sealed_opens_at_every_size_in_place_too(string name)
    {
        (AeadAlgorithm algorithm, AeadCipher cipher, byte[] nonce) = Keyed(name);
        foreach (int size in (int[])[0, 1, 15, 16, 17, 63, 64, 65, 1000, 70_000])
        {
            byte[] plaintext = _random.Bytes(size);
            byte[] sealedApart = new byte[size + AeadAlgorithm.TagSize];
            byte[] inPlace = [.. plaintext, .. new byte[AeadAlgorithm.TagSize]];
            byte[] opened = new byte[size];

            cipher.Seal(nonce, plaintext, "data"u8, sealedApart);
            cipher.Seal(nonce, inPlace.AsSpan(0, size), "data"u8, inPlace);
            bool good = cipher.TryOpen(nonce, sealedApart, "data"u8, opened);
            bool goodInPlace = cipher.TryOpen(nonce, inPlace, "data"u8, inPlace.AsSpan(0, size));

            Assert.True(good && goodInPlace);
            Assert.Equal(plaintext, opened);
            Assert.Equal(plaintext, inPlace.AsSpan(0, size).ToArray());
        }

        Assert.Equal(algorithm.NonceSize, nonce.Length);
        cipher.Dispose();
        cipher.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_anywhere_fails_and_zeroes_the_output(string name)
    {
        (AeadAlgorithm algorithm, AeadCipher cipher, byte[] nonce) = Keyed(name);
        byte[] data = _random.Bytes(20);
        byte[] ciphertext = new byte[40 + AeadAlgorithm.TagSize];
        cipher.Seal(nonce, _random.Bytes(40), data, ciphertext);

        for (int bit = 0; bit < 8 * ciphertext.Length; bit += 7)
        {
            Fails(cipher, nonce, Flipped(ciphertext, bit), data);
        }

        Fails(cipher, Flipped(nonce, 0), ciphertext, data);
        Fails(cipher, Flipped(nonce, (8 * algorithm.NonceSize) - 1), ciphertext, data);
        Fails(cipher, nonce, ciphertext, Flipped(data, 50));
        Fails(cipher, nonce, ciphertext, data[1..]);
        using AeadCipher other = algorithm.Create(_random.Bytes(algorithm.KeySize));
        Fails(other, nonce, ciphertext, data);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_ciphertext_shorter_than_a_tag_fails_and_wrong_lengths_are_argument_errors(string name)
    {
        (AeadAlgorithm algorithm, AeadCipher cipher, byte[] nonce) = Keyed(name);
        byte[] plaintext = _random.Bytes(10);

        for (int size = 0; size < AeadAlgorithm.TagSize; size++)
        {
            Assert.False(cipher.TryOpen(nonce, new byte[size], default, []));
        }

        Assert.ThrowsAny<ArgumentException>(() => algorithm.Create(new byte[algorithm.KeySize - 1]));
        Assert.ThrowsAny<ArgumentException>(() => algorithm.Create(new byte[algorithm.KeySize + 1]));
        Assert.ThrowsAny<ArgumentException>(() => cipher.Seal(nonce.AsSpan(1), plaintext, default, new byte[26]));
        Assert.ThrowsAny<ArgumentException>(() => cipher.Seal(nonce, plaintext, default, new byte[25]));
        Assert.ThrowsAny<ArgumentException>(() => cipher.TryOpen(nonce.AsSpan(1), new byte[26], default, plaintext));
        Assert.ThrowsAny<ArgumentException>(() => cipher.TryOpen(nonce, new byte[27], default, plaintext));
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private void Fails(AeadCipher cipher, byte[] nonce, byte[] ciphertext, byte[] data)
    {
        byte[] opened = _random.Bytes(ciphertext.Length - AeadAlgorithm.TagSize);

        Assert.False(cipher.TryOpen(nonce, ciphertext, data, opened));
        Assert.Equal(new byte[opened.Length], opened);
    }

    private (AeadAlgorithm Algorithm, AeadCipher Cipher, byte[] Nonce) Keyed(string name)
    {
        AeadAlgorithm algorithm = AlgorithmRegistry.FindAead(name)!;
        return (algorithm, algorithm.Create(_random.Bytes(algorithm.KeySize)), _random.Bytes(algorithm.NonceSize));
    }
}
