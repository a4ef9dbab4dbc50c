using SigmaComms.ConstantTime.Tests.Valgrind;

namespace SigmaComms.ConstantTime.Tests;

/// <summary>
/// The places where a value that comes from a secret is given away on purpose; docs/specs/constant-time.md says why
/// each is harmless. A method, or a method and its caller.
/// </summary>
internal static class Declassified
{
    private const string Lattice = "SigmaComms.Cryptography.Lattice.";

    private static readonly (string Method, string? Caller)[] Places =
    [
        // The matrix comes from rho, which is public.
        (Lattice + "MlKemSampling.SampleUniform", Lattice + "MlKemSampling.ExpandMatrix"),
        (Lattice + "MlDsaSampling.SampleUniform", Lattice + "MlDsaSampling.ExpandMatrix"),

        // Which half bytes were rejected says nothing of those that were taken.
        (Lattice + "MlDsaSampling.SampleBounded", null),
        (Lattice + "MlDsaSampling.ExpandSecret", null),

        // The challenge of a candidate, and whether and why it was rejected.
        (Lattice + "MlDsaSampling.SampleChallenge", null),
        (Lattice + "MlDsaSigner.TryCandidate", null),
        (Lattice + "MlDsaSigner.TryRespond", null),
        (Lattice + "MlDsaSigner.TrySubtractSecret", null),
        (Lattice + "MlDsaSigner.TryHint", null),

        // The hint is part of the signature.
        (Lattice + "MlDsaEncoding.PackHints", null),
    ];

    /// <summary>Whether the finding is at one of the places.</summary>
    public static bool Covers(Finding finding) => Places.Any(place =>
        finding.Method == place.Method
        && (place.Caller is null || finding.Frames.SkipWhile(frame => frame != place.Method).Contains(place.Caller)));
}
