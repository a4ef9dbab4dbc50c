namespace SigmaComms.Client.Transparency;

/// <summary>What a client has verified of its cluster's control log.</summary>
/// <param name="Epoch">The epoch of the last block.</param>
/// <param name="Height">The last block's height; 0 if none was verified yet.</param>
/// <param name="Updates">The updates of the key directory up to there.</param>
/// <param name="Verified">Proofs that held, since the start.</param>
/// <param name="Refused">Answers that could not be true, since the start.</param>
/// <param name="IsNodeByLog">
/// Whether the present node was taken by a proof of its membership alone, without an operator's word.
/// </param>
public sealed record LogProofs(
    ulong Epoch, ulong Height, ulong Updates, long Verified, long Refused, bool IsNodeByLog);
