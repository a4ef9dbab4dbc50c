using System.Reflection;
using SigmaComms.Cryptography.HashSignatures;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>The public members of one SLH-DSA class, so that known-answer and other tests run on all twelve.</summary>
internal sealed class SlhDsaSurface
{
    private SlhDsaSurface(string name, Type type, SlhParameters set)
    {
        Name = name;
        Set = set;
        SeedSize = Constant(type, nameof(SeedSize));
        PublicKeySize = Constant(type, nameof(PublicKeySize));
        PrivateKeySize = Constant(type, nameof(PrivateKeySize));
        SignatureSize = Constant(type, nameof(SignatureSize));
        RandomnessSize = Constant(type, nameof(RandomnessSize));
        ContextSizeMax = Constant(type, nameof(ContextSizeMax));
        GenerateKeys = Member<Generate>(type, nameof(GenerateKeys));
        DeriveKeys = Member<Derive>(type, nameof(DeriveKeys));
        Sign = Member<SignFresh>(type, nameof(Sign));
        SignDeterministic = Member<SignFresh>(type, nameof(SignDeterministic));
        SignWith = Member<SignRandom>(type, nameof(Sign));
        SignPreHashed = Member<SignHashFresh>(type, nameof(SignPreHashed));
        SignPreHashedWith = Member<SignHashRandom>(type, nameof(SignPreHashed));
        Verify = Member<VerifyMessage>(type, nameof(Verify));
        VerifyPreHashed = Member<VerifyHash>(type, nameof(VerifyPreHashed));
    }

    public delegate void Generate(Span<byte> privateKey, Span<byte> publicKey);

    public delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> privateKey, Span<byte> publicKey);

    public delegate void SignFresh(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature);

    public delegate void SignRandom(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public delegate void SignHashFresh(
        ReadOnlySpan<byte> privateKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature);

    public delegate void SignHashRandom(
        ReadOnlySpan<byte> privateKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public delegate bool VerifyMessage(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    public delegate bool VerifyHash(
        ReadOnlySpan<byte> publicKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    public static IReadOnlyList<SlhDsaSurface> All { get; } =
    [
        new("SLH-DSA-SHA2-128s", typeof(SlhDsa128sSha2), SlhParameters.Sha2Small128),
        new("SLH-DSA-SHA2-128f", typeof(SlhDsa128fSha2), SlhParameters.Sha2Fast128),
        new("SLH-DSA-SHA2-192s", typeof(SlhDsa192sSha2), SlhParameters.Sha2Small192),
        new("SLH-DSA-SHA2-192f", typeof(SlhDsa192fSha2), SlhParameters.Sha2Fast192),
        new("SLH-DSA-SHA2-256s", typeof(SlhDsa256sSha2), SlhParameters.Sha2Small256),
        new("SLH-DSA-SHA2-256f", typeof(SlhDsa256fSha2), SlhParameters.Sha2Fast256),
        new("SLH-DSA-SHAKE-128s", typeof(SlhDsa128sShake), SlhParameters.ShakeSmall128),
        new("SLH-DSA-SHAKE-128f", typeof(SlhDsa128fShake), SlhParameters.ShakeFast128),
        new("SLH-DSA-SHAKE-192s", typeof(SlhDsa192sShake), SlhParameters.ShakeSmall192),
        new("SLH-DSA-SHAKE-192f", typeof(SlhDsa192fShake), SlhParameters.ShakeFast192),
        new("SLH-DSA-SHAKE-256s", typeof(SlhDsa256sShake), SlhParameters.ShakeSmall256),
        new("SLH-DSA-SHAKE-256f", typeof(SlhDsa256fShake), SlhParameters.ShakeFast256),
    ];

    public static TheoryData<string> Names => [.. All.Select(surface => surface.Name)];

    public string Name { get; }

    public SlhParameters Set { get; }

    public int SeedSize { get; }

    public int PublicKeySize { get; }

    public int PrivateKeySize { get; }

    public int SignatureSize { get; }

    public int RandomnessSize { get; }

    public int ContextSizeMax { get; }

    public Generate GenerateKeys { get; }

    public Derive DeriveKeys { get; }

    public SignFresh Sign { get; }

    public SignFresh SignDeterministic { get; }

    public SignRandom SignWith { get; }

    public SignHashFresh SignPreHashed { get; }

    public SignHashRandom SignPreHashedWith { get; }

    public VerifyMessage Verify { get; }

    public VerifyHash VerifyPreHashed { get; }

    public static SlhDsaSurface Named(string name) => All.Single(surface => surface.Name == name);

    public (byte[] PrivateKey, byte[] PublicKey) KeysOf(ReadOnlySpan<byte> seed)
    {
        byte[] privateKey = new byte[PrivateKeySize];
        byte[] publicKey = new byte[PublicKeySize];
        DeriveKeys(seed, privateKey, publicKey);
        return (privateKey, publicKey);
    }

    private static int Constant(Type type, string name) => (int)type.GetField(name)!.GetRawConstantValue()!;

    private static TDelegate Member<TDelegate>(Type type, string name)
        where TDelegate : Delegate
    {
        Type[] parameters = typeof(TDelegate).GetMethod("Invoke")!.GetParameters()
            .Select(parameter => parameter.ParameterType).ToArray();
        MethodInfo? method = type.GetMethod(name, parameters);
        Assert.NotNull(method);
        return method.CreateDelegate<TDelegate>();
    }
}
