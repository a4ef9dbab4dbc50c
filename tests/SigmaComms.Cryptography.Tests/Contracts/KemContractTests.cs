using SigmaComms.Cryptography.Kem;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Contracts;

/// <summary>What every key encapsulation mechanism of the registry must do; a new one inherits all of it.</summary>
public sealed class KemContractTests(ITestOutputHelper output)
{
    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    public static TheoryData<string> Names => [.. AlgorithmRegistry.Kems.Select(kem => kem.Name)];

    [Fact]
    public void Names_are_unique_and_find_their_mechanism()
    {
        Assert.Equal(AlgorithmRegistry.Kems.Count, AlgorithmRegistry.Kems.Select(kem => kem.Name).Distinct().Count());
        Assert.All(AlgorithmRegistry.Kems, kem => Assert.Same(kem, AlgorithmRegistry.FindKem(kem.Name)));
        Assert.Null(AlgorithmRegistry.FindKem("ML-KEM-0"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_get_one_secret_and_every_encapsulation_another(string name)
    {
        KemAlgorithm kem = Named(name);
        (byte[] privateKey, byte[] key) = KeyPair(kem);
        (byte[] ciphertext, byte[] sent) = Outputs(kem);
        (byte[] otherCiphertext, byte[] otherSent) = Outputs(kem);
        byte[] received = new byte[kem.SharedSecretSize];

        bool made = kem.TryEncapsulate(key, _random, ciphertext, sent);
        bool madeAgain = kem.TryEncapsulate(key, _random, otherCiphertext, otherSent);
        bool recovered = kem.TryDecapsulate(privateKey, ciphertext, received);

        Assert.True(made && madeAgain && recovered);
        Assert.Equal(sent, received);
        Assert.NotEqual(sent, otherSent);
        Assert.NotEqual(ciphertext, otherCiphertext);
        Assert.True(kem.IsValidEncapsulationKey(key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_inputs_give_the_same_outputs(string name)
    {
        KemAlgorithm kem = Named(name);
        (byte[] privateKey, byte[] key) = KeyPair(kem);
        byte[] randomness = Randomness(kem, key);
        byte[] keyAgain = new byte[kem.EncapsulationKeySize];
        (byte[] ciphertext, byte[] secret) = Outputs(kem);
        (byte[] ciphertextAgain, byte[] secretAgain) = Outputs(kem);

        kem.DeriveEncapsulationKey(privateKey, keyAgain);
        kem.TryEncapsulate(key, randomness, ciphertext, secret);
        kem.TryEncapsulate(key, randomness, ciphertextAgain, secretAgain);

        Assert.Equal(key, keyAgain);
        Assert.Equal(ciphertext, ciphertextAgain);
        Assert.Equal(secret, secretAgain);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_length_of_any_argument_is_an_argument_error(string name)
    {
        KemAlgorithm kem = Named(name);
        (byte[] privateKey, byte[] key) = KeyPair(kem);
        byte[] randomness = Randomness(kem, key);
        (byte[] ciphertext, byte[] secret) = Outputs(kem);

        foreach (byte[] bad in WrongLengths(privateKey))
        {
            Assert.ThrowsAny<ArgumentException>(() => kem.DeriveEncapsulationKey(bad, key));
            Assert.ThrowsAny<ArgumentException>(() => kem.TryDecapsulate(bad, ciphertext, secret));
            Assert.ThrowsAny<ArgumentException>(() => kem.GeneratePrivateKey(_random, bad));
        }

        foreach (byte[] bad in WrongLengths(key))
        {
            Assert.ThrowsAny<ArgumentException>(() => kem.DeriveEncapsulationKey(privateKey, bad));
            Assert.ThrowsAny<ArgumentException>(() => kem.TryEncapsulate(bad, randomness, ciphertext, secret));
            Assert.False(kem.IsValidEncapsulationKey(bad));
        }

        foreach (byte[] bad in WrongLengths(randomness))
        {
            Assert.ThrowsAny<ArgumentException>(() => kem.TryEncapsulate(key, bad, ciphertext, secret));
        }

        foreach (byte[] bad in WrongLengths(ciphertext))
        {
            Assert.ThrowsAny<ArgumentException>(() => kem.TryEncapsulate(key, randomness, bad, secret));
            Assert.ThrowsAny<ArgumentException>(() => kem.TryDecapsulate(privateKey, bad, secret));
        }

        foreach (byte[] bad in WrongLengths(secret))
        {
            Assert.ThrowsAny<ArgumentException>(() => kem.TryEncapsulate(key, randomness, ciphertext, bad));
            Assert.ThrowsAny<ArgumentException>(() => kem.TryDecapsulate(privateKey, ciphertext, bad));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_of_the_ciphertext_gives_another_secret_or_zeros(string name)
    {
        KemAlgorithm kem = Named(name);
        (byte[] privateKey, byte[] key) = KeyPair(kem);
        (byte[] ciphertext, byte[] sent) = Outputs(kem);
        kem.TryEncapsulate(key, _random, ciphertext, sent);

        foreach (int bit in Bits(ciphertext.Length))
        {
            byte[] changed = Flipped(ciphertext, bit);
            byte[] received = new byte[kem.SharedSecretSize];
            bool recovered = kem.TryDecapsulate(privateKey, changed, received);

            Assert.NotEqual(sent, received);
            Assert.Equal(!recovered, IsZero(received));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_of_the_key_is_refused_with_zeros_or_gives_a_secret_the_owner_lacks(string name)
    {
        KemAlgorithm kem = Named(name);
        (byte[] privateKey, byte[] key) = KeyPair(kem);

        foreach (int bit in Bits(key.Length))
        {
            byte[] changed = Flipped(key, bit);
            (byte[] ciphertext, byte[] sent) = Outputs(kem);
            byte[] received = new byte[kem.SharedSecretSize];
            bool made = kem.TryEncapsulate(changed, _random, ciphertext, sent);

            Assert.Equal(kem.IsValidEncapsulationKey(changed), made);
            Assert.Equal(!made, IsZero(ciphertext));
            Assert.Equal(!made, IsZero(sent));
            Assert.False(made && kem.TryDecapsulate(privateKey, ciphertext, received) && sent.SequenceEqual(received));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_key_of_a_form_that_is_not_allowed_is_refused_and_the_outputs_zeroed(string name)
    {
        KemAlgorithm kem = Named(name);
        byte[] ones = Enumerable.Repeat((byte)0xFF, kem.EncapsulationKeySize).ToArray();
        byte[] bad = kem.IsValidEncapsulationKey(ones) ? new byte[kem.EncapsulationKeySize] : ones;
        (byte[] ciphertext, byte[] secret) = Outputs(kem);
        _random.Fill(ciphertext);
        _random.Fill(secret);

        bool made = kem.TryEncapsulate(bad, _random, ciphertext, secret);

        Assert.False(kem.IsValidEncapsulationKey(bad));
        Assert.False(made);
        Assert.True(IsZero(ciphertext));
        Assert.True(IsZero(secret));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_private_key_does_not_get_the_secret(string name)
    {
        KemAlgorithm kem = Named(name);
        (_, byte[] key) = KeyPair(kem);
        (byte[] otherPrivateKey, _) = KeyPair(kem);
        (byte[] ciphertext, byte[] sent) = Outputs(kem);
        byte[] received = new byte[kem.SharedSecretSize];
        kem.TryEncapsulate(key, _random, ciphertext, sent);

        _ = kem.TryDecapsulate(otherPrivateKey, ciphertext, received);

        Assert.NotEqual(sent, received);
    }

    private static KemAlgorithm Named(string name) => AlgorithmRegistry.FindKem(name)!;

    private static (byte[] Ciphertext, byte[] Secret) Outputs(KemAlgorithm kem) =>
        (new byte[kem.CiphertextSize], new byte[kem.SharedSecretSize]);

    private static byte[][] WrongLengths(byte[] right) => [[], right[..^1], [.. right, 0]];

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private static bool IsZero(byte[] bytes) => bytes.AsSpan().IndexOfAnyExcept((byte)0) < 0;

    private int[] Bits(int sizeBytes) =>
    [
        0, (4 * sizeBytes) + 1, (8 * sizeBytes) - 2,
        .. Enumerable.Range(0, 5).Select(_ => _random.Below(8 * sizeBytes)),
    ];

    private (byte[] PrivateKey, byte[] Key) KeyPair(KemAlgorithm kem)
    {
        byte[] privateKey = new byte[kem.PrivateKeySize];
        byte[] key = new byte[kem.EncapsulationKeySize];
        kem.GeneratePrivateKey(_random, privateKey);
        kem.DeriveEncapsulationKey(privateKey, key);
        return (privateKey, key);
    }

    private byte[] Randomness(KemAlgorithm kem, byte[] key)
    {
        byte[] randomness = _random.Bytes(kem.RandomnessSize);
        (byte[] ciphertext, byte[] secret) = Outputs(kem);
        Assert.True(kem.TryEncapsulate(key, randomness, ciphertext, secret));
        return randomness;
    }
}
