using System.Text.Json;
using SigmaComms.Cryptography.KeyFormats;
using SigmaComms.Cryptography.Tests.Vectors;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.KeyFormats;

/// <summary>Keys in DER and PEM: known answers, every form, and everything that must be refused.</summary>
public sealed class KeyFormatTests(ITestOutputHelper output)
{
    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    /// <summary>All but those whose keys are slow to make; OpenSSL's tests read and write these too.</summary>
    public static TheoryData<string> Names =>
        [.. KeyType.All.Select(type => type.Name).Where(name => !name.EndsWith('s') && !name.EndsWith("6f"))];

    public static TheoryData<string> LatticeNames =>
        [.. KeyType.All.Where(type => type.ExpandedKeySize > 0).Select(type => type.Name)];

    // RFC 8410, section 10.3 (the key without attributes) and section 10.1.
    [Fact]
    public void The_Ed25519_keys_of_RFC_8410_are_read_and_written()
    {
        string privatePem = "-----BEGIN PRIVATE KEY-----\n"
            + "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
            + "-----END PRIVATE KEY-----\n";
        string publicPem = "-----BEGIN PUBLIC KEY-----\n"
            + "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
            + "-----END PUBLIC KEY-----\n";

        byte[] text = System.Text.Encoding.ASCII.GetBytes(privatePem);
        Assert.True(PrivateKeyFormat.TryDecodePem(text, out ImportedPrivateKey? key));
        using SecretBytes written = PrivateKeyFormat.EncodePem(key.Type, key.PrivateKey!.Span);
        byte[] publicKey = new byte[32];
        key.Type.Operations.DerivePublicKey(key.PrivateKey.Span, publicKey);

        Assert.Same(KeyType.Ed25519, key.Type);
        Assert.Equal(privatePem, System.Text.Encoding.ASCII.GetString(written.Span));
        Assert.Equal(publicPem, System.Text.Encoding.ASCII.GetString(PublicKeyFormat.EncodePem(key.Type, publicKey)));
        key.Dispose();
    }

    [Theory]
    [InlineData("MLDSA65-Ed25519-SHA512")]
    [InlineData("MLDSA65-ECDSA-P256-SHA512")]
    public void The_private_keys_of_the_composite_draft_are_read_and_written(string name)
    {
        JsonElement test = VectorFolder.Read("hybrid/composite-sigs/testvectors.json.gz").GetProperty("tests")
            .EnumerateArray().Single(test => test.GetProperty("tcId").GetString() == "id-" + name);
        byte[] der = test.GetProperty("sk_pkcs8").GetBytesFromBase64();

        Assert.True(PrivateKeyFormat.TryDecodeDer(der, out ImportedPrivateKey? key));
        using SecretBytes written = PrivateKeyFormat.EncodeDer(key.Type, key.PrivateKey!.Span);

        Assert.Equal(name, key.Type.Name);
        Assert.Equal(test.GetProperty("sk").GetBytesFromBase64(), key.PrivateKey.Span.ToArray());
        Assert.Equal(der, written.Span.ToArray());
        key.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_keys_come_back_from_DER_and_PEM(string name)
    {
        (KeyType type, byte[] privateKey, byte[] publicKey) = KeyPair(name);

        Assert.True(PublicKeyFormat.TryDecodeDer(
            PublicKeyFormat.EncodeDer(type, publicKey), out KeyType? fromDer, out byte[]? keyFromDer));
        Assert.True(PublicKeyFormat.TryDecodePem(
            PublicKeyFormat.EncodePem(type, publicKey), out KeyType? fromPem, out byte[]? keyFromPem));
        using SecretBytes pem = PrivateKeyFormat.EncodePem(type, privateKey);
        Assert.True(PrivateKeyFormat.TryDecodePem(pem.Span, out ImportedPrivateKey? key));

        Assert.Same(type, fromDer);
        Assert.Same(type, fromPem);
        Assert.Equal(publicKey, keyFromDer);
        Assert.Equal(publicKey, keyFromPem);
        Assert.Equal(privateKey, key.PrivateKey!.Span.ToArray());
        Assert.Null(key.ExpandedKey);
        key.Dispose();
    }

    [Theory]
    [MemberData(nameof(LatticeNames))]
    public void Every_form_is_read_and_a_long_key_that_is_not_the_seeds_is_refused(string name)
    {
        (KeyType type, byte[] seed, _) = KeyPair(name);
        (_, byte[] otherSeed, _) = KeyPair(name);
        byte[] expanded = new byte[type.ExpandedKeySize];
        type.Operations.Expand(seed, expanded);
        using SecretBytes longOnly = PrivateKeyFormat.EncodeDer(type, seed, PrivateKeyForm.Expanded);
        using SecretBytes both = PrivateKeyFormat.EncodeDer(type, seed, PrivateKeyForm.Both);
        byte[] mixed = both.Span.ToArray();
        otherSeed.CopyTo(mixed.AsSpan(mixed.AsSpan().IndexOf(seed)));

        Assert.True(PrivateKeyFormat.TryDecodeDer(longOnly.Span, out ImportedPrivateKey? longKey));
        Assert.True(PrivateKeyFormat.TryDecodeDer(both.Span, out ImportedPrivateKey? bothKeys));
        Assert.False(PrivateKeyFormat.TryDecodeDer(mixed, out _));
        Assert.Null(longKey.PrivateKey);
        Assert.Equal(expanded, longKey.ExpandedKey!.Span.ToArray());
        Assert.Equal(seed, bothKeys.PrivateKey!.Span.ToArray());
        Assert.Equal(expanded, bothKeys.ExpandedKey!.Span.ToArray());
        longKey.Dispose();
        bothKeys.Dispose();
    }

    [Theory]
    [MemberData(nameof(LatticeNames))]
    public void A_long_key_that_fails_its_own_check_is_refused(string name)
    {
        (KeyType type, byte[] seed, _) = KeyPair(name);
        byte[] der = PrivateKeyFormat.EncodeDer(type, seed, PrivateKeyForm.Expanded).Span.ToArray();
        int start = der.Length - type.ExpandedKeySize;

        // ML-KEM: the hash of the public key, 64 bytes from the end. ML-DSA: coefficients of s1, after 128 bytes.
        bool isKem = name.StartsWith("ML-KEM", StringComparison.Ordinal);
        der.AsSpan(isKem ? der.Length - 64 : start + 128, 16).Fill(0xFF);

        Assert.False(PrivateKeyFormat.TryDecodeDer(der, out _));
    }

    [Fact]
    public void A_hash_based_key_whose_root_is_not_its_own_is_refused()
    {
        (KeyType type, byte[] privateKey, _) = KeyPair("SLH-DSA-SHA2-128f");
        byte[] der = PrivateKeyFormat.EncodeDer(type, privateKey).Span.ToArray();
        der[^1] ^= 1;

        Assert.False(PrivateKeyFormat.TryDecodeDer(der, out _));
        Assert.Throws<ArgumentException>(() => PrivateKeyFormat.EncodeDer(type, der.AsSpan(der.Length - 64)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_public_key_beside_the_private_one_must_be_its_own(string name)
    {
        (KeyType type, byte[] privateKey, byte[] publicKey) = KeyPair(name);
        (_, _, byte[] otherPublicKey) = KeyPair(name);
        PrivateKeyForm[] forms = type.ExpandedKeySize > 0 ? Enum.GetValues<PrivateKeyForm>() : [PrivateKeyForm.Seed];

        foreach (PrivateKeyForm form in forms)
        {
            using SecretBytes der = PrivateKeyFormat.EncodeDer(type, privateKey, form);
            byte[] paired = WithPublicKey(der.Span, publicKey, 1);

            Assert.True(PrivateKeyFormat.TryDecodeDer(paired, out ImportedPrivateKey? key));
            Assert.False(PrivateKeyFormat.TryDecodeDer(WithPublicKey(der.Span, otherPublicKey, 1), out _));
            Assert.False(PrivateKeyFormat.TryDecodeDer(WithPublicKey(der.Span, publicKey, 0), out _));
            key.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cut_and_lengthened_DER_is_refused_and_no_change_throws(string name)
    {
        (KeyType type, byte[] privateKey, byte[] publicKey) = KeyPair(name);
        byte[] secret = PrivateKeyFormat.EncodeDer(type, privateKey).Span.ToArray();
        byte[] open = PublicKeyFormat.EncodeDer(type, publicKey);

        for (int size = 0; size < Math.Min(100, secret.Length); size++)
        {
            Assert.False(PrivateKeyFormat.TryDecodeDer(secret.AsSpan(0, size), out _));
        }

        for (int size = 0; size < Math.Min(100, open.Length); size++)
        {
            Assert.False(PublicKeyFormat.TryDecodeDer(open.AsSpan(0, size), out _, out _));
        }

        Assert.False(PrivateKeyFormat.TryDecodeDer([.. secret, 0], out _));
        Assert.False(PublicKeyFormat.TryDecodeDer([.. open, 0], out _, out _));
        for (int i = 0; i < 60; i++)
        {
            byte[] changed = [.. secret];
            changed[i % 24] ^= (byte)(1 << _random.Below(8));
            byte[] openChanged = [.. open];
            openChanged[i % 22] ^= (byte)(1 << _random.Below(8));

            if (PrivateKeyFormat.TryDecodeDer(changed, out ImportedPrivateKey? key))
            {
                // A changed bit of the identifier can name another algorithm of the same sizes, or of the key itself.
                Assert.True(key.Type != type || !key.PrivateKey!.FixedTimeEquals(privateKey));
                key.Dispose();
            }

            bool read = PublicKeyFormat.TryDecodeDer(openChanged, out KeyType? found, out byte[]? foundKey);
            Assert.True(!read || found != type || !foundKey!.SequenceEqual(publicKey));
        }
    }

    [Fact]
    public void Lengths_that_are_not_DERs_and_parameters_are_refused()
    {
        byte[] der = PublicKeyFormat.EncodeDer(KeyType.X25519, new byte[32]);
        byte[] longLength = [0x30, 0x81, der[1], .. der.AsSpan(2)];
        byte[] indefinite = [0x30, 0x80, .. der.AsSpan(2), 0, 0];
        byte[] parameters = [0x30, (byte)(der[1] + 2), 0x30, 7, .. der.AsSpan(4, 5), 5, 0, .. der.AsSpan(9)];
        byte[] unusedBits = [.. der];
        unusedBits[11] = 1;

        Assert.True(PublicKeyFormat.TryDecodeDer(der, out _, out _));
        Assert.False(PublicKeyFormat.TryDecodeDer(longLength, out _, out _));
        Assert.False(PublicKeyFormat.TryDecodeDer(indefinite, out _, out _));
        Assert.False(PublicKeyFormat.TryDecodeDer(parameters, out _, out _));
        Assert.False(PublicKeyFormat.TryDecodeDer(unusedBits, out _, out _));
    }

    [Fact]
    public void A_public_key_that_its_algorithm_refuses_is_neither_written_nor_read()
    {
        byte[] bad = Enumerable.Repeat((byte)0xFF, KeyType.MlKem768.PublicKeySize).ToArray();
        byte[] der = PublicKeyFormat.EncodeDer(KeyType.MlKem768, new byte[KeyType.MlKem768.PublicKeySize]);
        bad.CopyTo(der.AsSpan(der.Length - bad.Length));

        Assert.False(PublicKeyFormat.TryDecodeDer(der, out _, out _));
        Assert.Throws<ArgumentException>(() => PublicKeyFormat.EncodeDer(KeyType.MlKem768, bad));
        Assert.Throws<ArgumentException>(() => PrivateKeyFormat.EncodeDer(KeyType.MlKem768, new byte[63]));
        Assert.Throws<ArgumentException>(
            () => PrivateKeyFormat.EncodeDer(KeyType.Ed25519, new byte[32], PrivateKeyForm.Both));
    }

    [Theory]
    [InlineData("x{0}", false)]
    [InlineData("{0}x", false)]
    [InlineData("{0}{0}", false)]
    [InlineData(" \r\n{0}\n\t", true)]
    [InlineData("", false)]
    public void PEM_is_one_block_with_white_space_around_it(string frame, bool readable)
    {
        string pem = System.Text.Encoding.ASCII.GetString(PublicKeyFormat.EncodePem(KeyType.Ed25519, new byte[32]));
        byte[] text = System.Text.Encoding.ASCII.GetBytes(frame.Replace("{0}", pem, StringComparison.Ordinal));

        Assert.Equal(readable, PublicKeyFormat.TryDecodePem(text, out _, out _));
        Assert.False(PrivateKeyFormat.TryDecodePem(text, out _));
    }

    private static byte[] WithPublicKey(ReadOnlySpan<byte> der, byte[] publicKey, byte version)
    {
        DerReader outer = new(der);
        byte[] content = outer.Value(System.Formats.Asn1.Asn1Tag.Sequence).ToArray();
        content[2] = version;
        DerBuilder builder = new(new byte[der.Length + publicKey.Length + 20]);
        int end = builder.Position;
        builder.Prepend(publicKey);
        builder.Prepend([0]);
        builder.Wrap(0x81, end);
        builder.Prepend(content);
        builder.Wrap(0x30, end);
        return builder.Written.ToArray();
    }

    private (KeyType Type, byte[] PrivateKey, byte[] PublicKey) KeyPair(string name)
    {
        KeyType type = KeyType.All.Single(type => type.Name == name);
        byte[] privateKey = _random.Bytes(type.PrivateKeySize);
        AlgorithmRegistry.FindSignature(name)?.GeneratePrivateKey(_random, privateKey);
        byte[] publicKey = new byte[type.PublicKeySize];
        type.Operations.DerivePublicKey(privateKey, publicKey);
        return (type, privateKey, publicKey);
    }
}
