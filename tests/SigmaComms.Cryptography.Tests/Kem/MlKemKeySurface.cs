using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>The key objects of one parameter set, so that tests run on all three.</summary>
internal sealed record MlKemKeySurface(
    MlKemSurface Plain,
    Func<byte[], MlKemKeySurface.Secret> FromSeed,
    Func<byte[], MlKemKeySurface.Secret?> ImportSecret,
    Func<MlKemKeySurface.Secret> Generate,
    Func<byte[], MlKemKeySurface.Public?> ImportPublic)
{
    public delegate void Fill(Span<byte> bytes);

    public delegate void Send(ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Span<byte> secret);

    public delegate void SendFreshly(Span<byte> ciphertext, Span<byte> secret);

    public delegate void Receive(ReadOnlySpan<byte> ciphertext, Span<byte> secret);

    public static IReadOnlyList<MlKemKeySurface> All { get; } =
    [
        new(
            MlKemSurface.Named("ML-KEM-512"),
            seed => Of(MlKem512DecapsulationKey.FromSeed(seed))!,
            bytes => Of(MlKem512DecapsulationKey.TryImport(bytes, out MlKem512DecapsulationKey? key) ? key : null),
            () => Of(MlKem512DecapsulationKey.Generate())!,
            bytes => MlKem512EncapsulationKey.TryImport(bytes, out MlKem512EncapsulationKey? key)
                ? new(key.Export, key.Encapsulate, key.Encapsulate)
                : null),
        new(
            MlKemSurface.Named("ML-KEM-768"),
            seed => Of(MlKem768DecapsulationKey.FromSeed(seed))!,
            bytes => Of(MlKem768DecapsulationKey.TryImport(bytes, out MlKem768DecapsulationKey? key) ? key : null),
            () => Of(MlKem768DecapsulationKey.Generate())!,
            bytes => MlKem768EncapsulationKey.TryImport(bytes, out MlKem768EncapsulationKey? key)
                ? new(key.Export, key.Encapsulate, key.Encapsulate)
                : null),
        new(
            MlKemSurface.Named("ML-KEM-1024"),
            seed => Of(MlKem1024DecapsulationKey.FromSeed(seed))!,
            bytes => Of(MlKem1024DecapsulationKey.TryImport(bytes, out MlKem1024DecapsulationKey? key) ? key : null),
            () => Of(MlKem1024DecapsulationKey.Generate())!,
            bytes => MlKem1024EncapsulationKey.TryImport(bytes, out MlKem1024EncapsulationKey? key)
                ? new(key.Export, key.Encapsulate, key.Encapsulate)
                : null),
    ];

    private static Secret? Of(MlKem512DecapsulationKey? key) => key is null
        ? null
        : new(
            key.HasSeed,
            key.ExportSeed,
            key.ExportDecapsulationKey,
            key.ExportEncapsulationKey,
            key.Decapsulate,
            key);

    private static Secret? Of(MlKem768DecapsulationKey? key) => key is null
        ? null
        : new(
            key.HasSeed,
            key.ExportSeed,
            key.ExportDecapsulationKey,
            key.ExportEncapsulationKey,
            key.Decapsulate,
            key);

    private static Secret? Of(MlKem1024DecapsulationKey? key) => key is null
        ? null
        : new(
            key.HasSeed,
            key.ExportSeed,
            key.ExportDecapsulationKey,
            key.ExportEncapsulationKey,
            key.Decapsulate,
            key);

    internal sealed record Public(Fill Export, Send Encapsulate, SendFreshly EncapsulateFreshly);

    internal sealed record Secret(
        bool HasSeed, Fill ExportSeed, Fill ExportLong, Fill ExportPublic, Receive Decapsulate, IDisposable Owner);
}
