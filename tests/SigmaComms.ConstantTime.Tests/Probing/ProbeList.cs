namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>Every operation with a secret, and the planted leaks.</summary>
internal static class ProbeList
{
    public static IReadOnlyList<Probe> All { get; } =
    [
        new("planted branch", 32, 32, PlantedLeak.Branch),
        new("planted address", 32, 32, PlantedLeak.Address),
        .. KemProbes.All,
        .. LatticeSignatureProbes.All,
        .. HashSignatureProbes.All,
        .. ProtocolProbes.All,
    ];
}
