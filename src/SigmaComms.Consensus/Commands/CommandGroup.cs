namespace SigmaComms.Consensus.Commands;

/// <summary>
/// Commands under one signature: of one client that trusts no node, or of the node that serves many clients. Whoever
/// leads can leave a group out, and can neither change nor forge nor cut one.
/// </summary>
/// <param name="SignerKey">The signer's ML-DSA-65 public key, 1,952 bytes; its SHA-256 is the signer's id.</param>
/// <param name="Commands">1 to 1,000 commands.</param>
/// <param name="Signature">ML-DSA-65 over the encoding of the commands, 3,309 bytes.</param>
public sealed record CommandGroup(
    ReadOnlyMemory<byte> SignerKey, IReadOnlyList<Command> Commands, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The most commands in a group or a block: 1,000.</summary>
    public const int CommandsMax = 1_000;
}
