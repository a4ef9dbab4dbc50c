namespace SigmaComms.Cryptography.Lattice;

/// <summary>ML-KEM in plain code, for machines without vectors; the reference of the others.</summary>
/// <standard>FIPS 203, sections 6 and 7.</standard>
internal sealed unsafe class MlKemPlainPath : MlKemPath
{
    /// <inheritdoc/>
    public override void DeriveEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key) =>
        MlKemCore.DeriveEncapsulationKey(set, seed, key);

    /// <inheritdoc/>
    public override void ExpandDecapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key) =>
        MlKemCore.ExpandDecapsulationKey(set, seed, key);

    /// <inheritdoc/>
    public override bool IsValidEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> key) =>
        MlKemCore.IsValidEncapsulationKey(set, key);

    /// <inheritdoc/>
    public override bool TryEncapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret) =>
        MlKemCore.TryEncapsulate(set, key, randomness, ciphertext, sharedSecret);

    /// <inheritdoc/>
    public override void Decapsulate(
        MlKemParameters set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret) =>
        MlKemCore.Decapsulate(set, seed, ciphertext, sharedSecret);

    /// <inheritdoc/>
    public override bool TryDecapsulateExpanded(
        MlKemParameters set, ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret) =>
        MlKemCore.TryDecapsulateExpanded(set, key, ciphertext, sharedSecret);

    /// <summary>Checks only: this path keeps nothing but the key itself.</summary>
    public override bool TryExpand(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts) =>
        MlKemCore.IsValidEncapsulationKey(set, key);

    /// <summary>Does nothing: this path keeps nothing but the key itself.</summary>
    public override void ExpandPrivate(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts) =>
        Invariant.Holds(key.Length == set.DecapsulationKeySize);

    /// <inheritdoc/>
    public override void Encapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret) =>
        Invariant.Holds(MlKemCore.TryEncapsulate(set, key, randomness, ciphertext, sharedSecret));

    /// <inheritdoc/>
    public override void Decapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret) =>
        Invariant.Holds(MlKemCore.TryDecapsulateExpanded(set, key, ciphertext, sharedSecret));
}
