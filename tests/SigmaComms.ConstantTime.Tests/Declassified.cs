using SigmaComms.ConstantTime.Tests.Valgrind;

namespace SigmaComms.ConstantTime.Tests;

/// <summary>
/// The places where a value that comes from a secret is given away on purpose; docs/specs/constant-time.md says why
/// each is harmless. A method, or a method and its caller.
/// </summary>
internal static class Declassified
{
    private const string Aead = "SigmaComms.Cryptography.Aead.";
    private const string Kem = "SigmaComms.Cryptography.Kem.";
    private const string Lattice = "SigmaComms.Cryptography.Lattice.";

    private static readonly (string Method, string? Caller)[] Places =
    [
        // The matrix comes from rho, which is public.
        (Lattice + "MlKemSampling.SampleUniform", Lattice + "MlKemSampling.ExpandMatrix"),
        (Lattice + "MlKemRejection.SampleByShuffle", Lattice + "MlKemLanes.ExpandMatrix"),
        (Lattice + "MlKemLanes.Sample", Lattice + "MlKemLanes.ExpandMatrix"),
        (Lattice + "MlKemLanes.GoOn", Lattice + "MlKemLanes.ExpandMatrix"),
        (Lattice + "MlDsaSampling.SampleUniform", Lattice + "MlDsaSampling.ExpandMatrix"),

        // Whether a long key is consistent: the answer of the call, and certain for a key of our own.
        (Lattice + "MlKemVectorPath.TryExpand", Lattice + "MlKemVectorPath.ExpandPrivate"),
        (Lattice + "MlKemCore.TryDecapsulateExpanded", null),

        (Lattice + "MlDsaPrivateKey.TryImport", null),
        (Lattice + "MlDsaPrivateKey.TryImportWhole", null),

        // Whether the peer's point was of low order: the answer of the call.
        (Kem + "X25519.TryAgree", null),
        ("SigmaComms.Cryptography.Hpke.DhKem.TryDecapsulate", null),

        // Which candidates for a scalar were out of range, once in 2^32 times, says nothing of the one taken.
        (Kem + "NistGroup.TryMakeScalar", null),

        // Whether a tag is right: the answer of the call.
        (Aead + "AesGcmCipher.TryOpen", null),
        (Aead + "ChaChaCipher.TryOpen", null),
        (Aead + "XChaChaCipher.TryOpen", null),

        // Which half bytes were rejected says nothing of those that were taken.
        (Lattice + "MlDsaSampling.SampleBounded", null),
        (Lattice + "MlDsaSampling.ExpandSecret", null),

        // The challenge of a candidate, and whether and why it was rejected.
        (Lattice + "MlDsaSampling.SampleChallenge", null),
        (Lattice + "MlDsaSigner.TryCandidate", null),
        (Lattice + "MlDsaSigner.TryRespond", null),
        (Lattice + "MlDsaSigner.TrySubtractSecret", null),
        (Lattice + "MlDsaSigner.TryHint", null),

        (Lattice + "MlDsaWideSampling.TakeHalves", null),
        (Lattice + "MlDsaWideSampling.TakeSecrets", null),
        (Lattice + "MlDsaWideSigner.Sign", null),
        (Lattice + "MlDsaWideSigner.TryCandidate", null),
        (Lattice + "MlDsaWideSigner.TryHint", null),

        // The hint is part of the signature.
        (Lattice + "MlDsaWideSigner.Write", null),
        (Lattice + "MlDsaEncoding.PackHints", null),
    ];

    // All that these methods and those that they call compute from is public: the matrix from rho.
    private static readonly string[] Public = [Lattice + "MlDsaWideSampling.ExpandMatrix"];

    /// <summary>Whether the finding is at one of the places.</summary>
    public static bool Covers(Finding finding)
    {
        string[] frames = [.. finding.Frames.Select(WithoutTypeArguments)];
        string method = WithoutTypeArguments(finding.Method);
        return frames.Intersect(Public).Any() || Places.Any(place =>
            method == place.Method
            && (place.Caller is null || frames.SkipWhile(frame => frame != place.Method).Contains(place.Caller)));
    }

    // Of "Type`2[A,B].Method" the name "Type.Method": each size of vectors is the same place.
    private static string WithoutTypeArguments(string frame)
    {
        int start = frame.IndexOf('`', StringComparison.Ordinal);
        int end = frame.LastIndexOf(']');
        return start >= 0 && end > start ? frame.Remove(start, end + 1 - start) : frame;
    }
}
