namespace SigmaComms.Client.Transparency;

/// <summary>What came of asking a node for a proof.</summary>
internal enum ProofVerdict
{
    /// <summary>It holds, and the head is kept durably.</summary>
    Proven,

    /// <summary>The node has none at the moment, or did not answer: ask another one, or later.</summary>
    Unavailable,

    /// <summary>What it showed cannot be: it lies, or the validators do.</summary>
    Refused,
}
