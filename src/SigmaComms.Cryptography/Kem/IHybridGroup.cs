namespace SigmaComms.Cryptography.Kem;

/// <summary>The group of the classical half of a hybrid mechanism.</summary>
/// <standard>draft-irtf-cfrg-hybrid-kems, section on nominal groups.</standard>
internal interface IHybridGroup
{
    /// <summary>Size of a scalar.</summary>
    int ScalarSize { get; }

    /// <summary>Size of the uniform bytes that a scalar is made from.</summary>
    int SeedSize { get; }

    /// <summary>Size of an encoded element.</summary>
    int ElementSize { get; }

    /// <summary>Size of an element as a secret.</summary>
    int SecretSize { get; }

    /// <summary>Makes a scalar from uniform bytes; false if they hold none.</summary>
    bool TryMakeScalar(ReadOnlySpan<byte> seed, Span<byte> scalar);

    /// <summary>Whether a number of the right length is a scalar.</summary>
    bool IsScalar(ReadOnlySpan<byte> scalar);

    /// <summary>The generator times the scalar.</summary>
    void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> element);

    /// <summary>Whether a peer's bytes are taken as an element.</summary>
    bool IsElement(ReadOnlySpan<byte> element);

    /// <summary>A peer's element times the scalar, as a secret; false, zeroed, if it is no element.</summary>
    bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element, Span<byte> secret);
}
