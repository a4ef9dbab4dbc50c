using SigmaComms.Consensus;

namespace SigmaComms.Simulation.Keys;

/// <summary>Signatures: true ones, or ones that cost nothing and that nobody in the simulation can forge.</summary>
internal interface ISignatureScheme
{
    /// <summary>Checks what the scheme signed.</summary>
    ISignatureVerifier Verifier { get; }

    /// <summary>The key pair of a number, always the same.</summary>
    SimKey Make(ulong number);

    /// <summary>Signs a vote.</summary>
    byte[] SignVote(SimKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context);

    /// <summary>Signs what must have a signature of full length: commands, claims, requests.</summary>
    byte[] Sign(SimKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context);
}
