using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>The public members of one ML-KEM class, so that known-answer tests run on all three.</summary>
internal sealed record MlKemSurface(
    string Name,
    int EncapsulationKeySize,
    int DecapsulationKeySize,
    int CiphertextSize,
    MlKemSurface.Derive DeriveEncapsulationKey,
    MlKemSurface.Derive ExpandDecapsulationKey,
    MlKemSurface.Check IsValidEncapsulationKey,
    MlKemSurface.Check IsValidDecapsulationKey,
    MlKemSurface.EncapsulateFreshly TryEncapsulateFreshly,
    MlKemSurface.Encapsulate TryEncapsulate,
    MlKemSurface.DecapsulateSeed Decapsulate,
    MlKemSurface.DecapsulateExpanded TryDecapsulateExpanded)
{
    public const int SeedSize = 64;
    public const int SecretSize = 32;

    public delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> key);

    public delegate bool Check(ReadOnlySpan<byte> key);

    public delegate bool EncapsulateFreshly(ReadOnlySpan<byte> key, Span<byte> ciphertext, Span<byte> secret);

    public delegate bool Encapsulate(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Span<byte> secret);

    public delegate void DecapsulateSeed(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> secret);

    public delegate bool DecapsulateExpanded(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> secret);

    public static IReadOnlyList<MlKemSurface> All { get; } =
    [
        new(
            "ML-KEM-512",
            MlKem512.EncapsulationKeySize,
            MlKem512.DecapsulationKeySize,
            MlKem512.CiphertextSize,
            MlKem512.DeriveEncapsulationKey,
            MlKem512.ExpandDecapsulationKey,
            MlKem512.IsValidEncapsulationKey,
            MlKem512.IsValidDecapsulationKey,
            MlKem512.TryEncapsulate,
            MlKem512.TryEncapsulate,
            MlKem512.Decapsulate,
            MlKem512.TryDecapsulateExpanded),
        new(
            "ML-KEM-768",
            MlKem768.EncapsulationKeySize,
            MlKem768.DecapsulationKeySize,
            MlKem768.CiphertextSize,
            MlKem768.DeriveEncapsulationKey,
            MlKem768.ExpandDecapsulationKey,
            MlKem768.IsValidEncapsulationKey,
            MlKem768.IsValidDecapsulationKey,
            MlKem768.TryEncapsulate,
            MlKem768.TryEncapsulate,
            MlKem768.Decapsulate,
            MlKem768.TryDecapsulateExpanded),
        new(
            "ML-KEM-1024",
            MlKem1024.EncapsulationKeySize,
            MlKem1024.DecapsulationKeySize,
            MlKem1024.CiphertextSize,
            MlKem1024.DeriveEncapsulationKey,
            MlKem1024.ExpandDecapsulationKey,
            MlKem1024.IsValidEncapsulationKey,
            MlKem1024.IsValidDecapsulationKey,
            MlKem1024.TryEncapsulate,
            MlKem1024.TryEncapsulate,
            MlKem1024.Decapsulate,
            MlKem1024.TryDecapsulateExpanded),
    ];

    public static MlKemSurface Named(string name) => All.Single(surface => surface.Name == name);

    public byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        byte[] key = new byte[EncapsulationKeySize];
        DeriveEncapsulationKey(seed, key);
        return key;
    }

    public byte[] LongKeyOf(ReadOnlySpan<byte> seed)
    {
        byte[] key = new byte[DecapsulationKeySize];
        ExpandDecapsulationKey(seed, key);
        return key;
    }
}
