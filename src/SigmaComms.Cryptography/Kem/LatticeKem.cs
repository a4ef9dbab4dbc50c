namespace SigmaComms.Cryptography.Kem;

/// <summary>One of the three ML-KEM classes, seen as a mechanism among others.</summary>
/// <standard>FIPS 203, sections 7.1 to 7.3.</standard>
internal sealed class LatticeKem : KemAlgorithm
{
    private readonly Derive _derive;
    private readonly Check _check;
    private readonly Encapsulate _encapsulate;
    private readonly Decapsulate _decapsulate;

    private LatticeKem(
        string name,
        (int EncapsulationKey, int Ciphertext) sizes,
        Derive derive,
        Check check,
        Encapsulate encapsulate,
        Decapsulate decapsulate)
        : base(name)
    {
        (EncapsulationKeySize, CiphertextSize) = sizes;
        _derive = derive;
        _check = check;
        _encapsulate = encapsulate;
        _decapsulate = decapsulate;
    }

    private delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> key);

    private delegate bool Check(ReadOnlySpan<byte> key);

    private delegate bool Encapsulate(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Span<byte> secret);

    private delegate void Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> secret);

    public static LatticeKem MlKem512 { get; } = new(
        "ML-KEM-512",
        (Kem.MlKem512.EncapsulationKeySize, Kem.MlKem512.CiphertextSize),
        Kem.MlKem512.DeriveEncapsulationKey,
        Kem.MlKem512.IsValidEncapsulationKey,
        Kem.MlKem512.TryEncapsulate,
        Kem.MlKem512.Decapsulate);

    public static LatticeKem MlKem768 { get; } = new(
        "ML-KEM-768",
        (Kem.MlKem768.EncapsulationKeySize, Kem.MlKem768.CiphertextSize),
        Kem.MlKem768.DeriveEncapsulationKey,
        Kem.MlKem768.IsValidEncapsulationKey,
        Kem.MlKem768.TryEncapsulate,
        Kem.MlKem768.Decapsulate);

    public static LatticeKem MlKem1024 { get; } = new(
        "ML-KEM-1024",
        (Kem.MlKem1024.EncapsulationKeySize, Kem.MlKem1024.CiphertextSize),
        Kem.MlKem1024.DeriveEncapsulationKey,
        Kem.MlKem1024.IsValidEncapsulationKey,
        Kem.MlKem1024.TryEncapsulate,
        Kem.MlKem1024.Decapsulate);

    public override int PrivateKeySize => Kem.MlKem768.SeedSize;

    public override int EncapsulationKeySize { get; }

    public override int CiphertextSize { get; }

    public override int SharedSecretSize => Kem.MlKem768.SharedSecretSize;

    public override int RandomnessSize => Kem.MlKem768.RandomnessSize;

    public override void DeriveEncapsulationKey(ReadOnlySpan<byte> privateKey, Span<byte> encapsulationKey) =>
        _derive(privateKey, encapsulationKey);

    public override bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey) => _check(encapsulationKey);

    public override bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret) =>
        _encapsulate(encapsulationKey, randomness, ciphertext, sharedSecret);

    public override bool TryDecapsulate(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        _decapsulate(privateKey, ciphertext, sharedSecret);
        return true;
    }
}
