using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Contracts;

/// <summary>What every signature algorithm of the registry must do; a new one inherits all of it.</summary>
public sealed class SignatureContractTests(ITestOutputHelper output)
{
    private static readonly byte[] Message = "what was agreed"u8.ToArray();

    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    /// <summary>All but the slow ones: of SLH-DSA those with the fastest keys of both hashes.</summary>
    public static TheoryData<string> Names =>
        [.. AlgorithmRegistry.Signatures.Select(algorithm => algorithm.Name).Where(name => !IsSlow(name))];

    [Fact]
    public void Names_are_unique_and_find_their_algorithm()
    {
        IReadOnlyList<SignatureAlgorithm> all = AlgorithmRegistry.Signatures;

        Assert.Equal(all.Count, all.Select(algorithm => algorithm.Name).Distinct().Count());
        Assert.All(all, algorithm => Assert.Same(algorithm, AlgorithmRegistry.FindSignature(algorithm.Name)));
        Assert.Null(AlgorithmRegistry.FindSignature("ML-DSA-0"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_signature_holds_for_its_message_and_for_no_other(string name)
    {
        SignatureAlgorithm algorithm = Named(name);
        (byte[] privateKey, byte[] publicKey) = KeyPair(algorithm);
        byte[] signature = Sign(algorithm, privateKey, Message, []);
        byte[] longMessage = _random.Bytes(3000);
        byte[] empty = Sign(algorithm, privateKey, [], []);

        Assert.True(algorithm.Verify(publicKey, Message, [], signature));
        Assert.False(algorithm.Verify(publicKey, [.. Message, 0], [], signature));
        Assert.False(algorithm.Verify(publicKey, [], [], signature));
        Assert.True(algorithm.Verify(publicKey, [], [], empty));
        Assert.True(algorithm.Verify(publicKey, longMessage, [], Sign(algorithm, privateKey, longMessage, [])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_signature_holds_in_its_context_only_and_a_context_may_not_be_too_long(string name)
    {
        SignatureAlgorithm algorithm = Named(name);
        (byte[] privateKey, byte[] publicKey) = KeyPair(algorithm);
        byte[] context = _random.Bytes(algorithm.ContextSizeMax);
        byte[] tooLong = [.. context, 1];
        byte[] signature = Sign(algorithm, privateKey, Message, context);

        Assert.True(algorithm.Verify(publicKey, Message, context, signature));
        Assert.False(algorithm.Verify(publicKey, Message, tooLong, signature));
        Assert.ThrowsAny<ArgumentException>(() => Sign(algorithm, privateKey, Message, tooLong));
        if (algorithm.ContextSizeMax > 0)
        {
            Assert.False(algorithm.Verify(publicKey, Message, [], signature));
            Assert.False(algorithm.Verify(publicKey, Message, context.AsSpan(0, context.Length - 1), signature));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_of_signature_message_or_key_is_refused(string name)
    {
        SignatureAlgorithm algorithm = Named(name);
        (byte[] privateKey, byte[] publicKey) = KeyPair(algorithm);
        byte[] signature = Sign(algorithm, privateKey, Message, []);

        foreach (int bit in Bits(signature.Length))
        {
            Assert.False(algorithm.Verify(publicKey, Message, [], Flipped(signature, bit)), $"signature bit {bit}");
        }

        foreach (int bit in Bits(publicKey.Length))
        {
            Assert.False(algorithm.Verify(Flipped(publicKey, bit), Message, [], signature), $"key bit {bit}");
        }

        foreach (int bit in Bits(Message.Length))
        {
            Assert.False(algorithm.Verify(publicKey, Flipped(Message, bit), [], signature), $"message bit {bit}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_length_is_an_argument_error_to_the_signer_and_false_to_the_verifier(string name)
    {
        SignatureAlgorithm algorithm = Named(name);
        (byte[] privateKey, byte[] publicKey) = KeyPair(algorithm);
        byte[] randomness = new byte[algorithm.RandomnessSize];
        byte[] room = new byte[algorithm.SignatureSizeMax];
        byte[] signature = Sign(algorithm, privateKey, Message, []);

        foreach (byte[] bad in WrongLengths(privateKey))
        {
            Assert.ThrowsAny<ArgumentException>(() => algorithm.GeneratePrivateKey(_random, bad));
            Assert.ThrowsAny<ArgumentException>(() => algorithm.DerivePublicKey(bad, publicKey));
            Assert.ThrowsAny<ArgumentException>(() => algorithm.Sign(bad, Message, [], randomness, room));
        }

        Assert.ThrowsAny<ArgumentException>(() => algorithm.Sign(privateKey, Message, [], [.. randomness, 0], room));
        Assert.ThrowsAny<ArgumentException>(() => algorithm.Sign(privateKey, Message, [], randomness, room.AsSpan(1)));
        Assert.ThrowsAny<ArgumentException>(() => algorithm.Sign(privateKey, Message, [], randomness, [.. room, 0]));
        foreach (byte[] bad in WrongLengths(publicKey))
        {
            Assert.ThrowsAny<ArgumentException>(() => algorithm.DerivePublicKey(privateKey, bad));
            Assert.False(algorithm.Verify(bad, Message, [], signature));
        }

        foreach (byte[] bad in WrongLengths(signature))
        {
            Assert.False(algorithm.Verify(publicKey, Message, [], bad));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_key_neither_signs_nor_verifies_in_its_place(string name)
    {
        SignatureAlgorithm algorithm = Named(name);
        (byte[] privateKey, byte[] publicKey) = KeyPair(algorithm);
        (byte[] otherPrivateKey, byte[] otherPublicKey) = KeyPair(algorithm);

        byte[] signature = Sign(algorithm, privateKey, Message, []);
        byte[] otherSignature = Sign(algorithm, otherPrivateKey, Message, []);

        Assert.False(algorithm.Verify(otherPublicKey, Message, [], signature));
        Assert.False(algorithm.Verify(publicKey, Message, [], otherSignature));
        Assert.True(algorithm.Verify(otherPublicKey, Message, [], otherSignature));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_inputs_give_the_same_outputs_where_that_is_promised(string name)
    {
        SignatureAlgorithm algorithm = Named(name);
        (byte[] privateKey, byte[] publicKey) = KeyPair(algorithm);
        byte[] publicKeyAgain = new byte[algorithm.PublicKeySize];
        byte[] randomness = _random.Bytes(algorithm.RandomnessSize);
        byte[] first = new byte[algorithm.SignatureSizeMax];
        byte[] second = new byte[algorithm.SignatureSizeMax];

        algorithm.DerivePublicKey(privateKey, publicKeyAgain);
        algorithm.Sign(privateKey, Message, [], randomness, first);
        algorithm.Sign(privateKey, Message, [], randomness, second);

        Assert.Equal(publicKey, publicKeyAgain);
        Assert.Equal(algorithm.IsRepeatable, first.SequenceEqual(second));
    }

    [LongFact]
    public void The_slow_algorithms_obey_the_same_contract()
    {
        string[] slow = [.. AlgorithmRegistry.Signatures.Select(algorithm => algorithm.Name).Where(IsSlow)];

        foreach (string name in slow)
        {
            A_signature_holds_for_its_message_and_for_no_other(name);
            A_signature_holds_in_its_context_only_and_a_context_may_not_be_too_long(name);
            A_flipped_bit_of_signature_message_or_key_is_refused(name);
            A_wrong_length_is_an_argument_error_to_the_signer_and_false_to_the_verifier(name);
            Another_key_neither_signs_nor_verifies_in_its_place(name);
            The_same_inputs_give_the_same_outputs_where_that_is_promised(name);
        }

        Assert.Equal(10, slow.Length);
    }

    private static bool IsSlow(string name) =>
        name.StartsWith("SLH-DSA", StringComparison.Ordinal) && !name.EndsWith("128f", StringComparison.Ordinal);

    private static SignatureAlgorithm Named(string name) => AlgorithmRegistry.FindSignature(name)!;

    private static byte[][] WrongLengths(byte[] right) => [[], right[..^1], [.. right, 0]];

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private byte[] Sign(SignatureAlgorithm algorithm, byte[] privateKey, byte[] message, byte[] context)
    {
        byte[] room = new byte[algorithm.SignatureSizeMax];
        int size = algorithm.Sign(privateKey, message, context, _random.Bytes(algorithm.RandomnessSize), room);
        return room[..size];
    }

    private int[] Bits(int sizeBytes) =>
    [
        0, (4 * sizeBytes) + 1, (8 * sizeBytes) - 2,
        .. Enumerable.Range(0, 5).Select(_ => _random.Below(8 * sizeBytes)),
    ];

    private (byte[] PrivateKey, byte[] PublicKey) KeyPair(SignatureAlgorithm algorithm)
    {
        byte[] privateKey = new byte[algorithm.PrivateKeySize];
        byte[] publicKey = new byte[algorithm.PublicKeySize];
        algorithm.GeneratePrivateKey(_random, privateKey);
        algorithm.DerivePublicKey(privateKey, publicKey);
        return (privateKey, publicKey);
    }
}
