using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>From now on votes are signed with another key; the signer owns it.</summary>
/// <param name="Key">The key; null if this node votes no more.</param>
internal sealed record UseKey(MlDsa65SigningKey? Key);
