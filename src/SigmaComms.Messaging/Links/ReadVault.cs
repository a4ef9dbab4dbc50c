using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Reads a vault's stream in the control log. Reply: <see cref="VaultPage"/>, or a refusal, which is
/// <see cref="RefusalReason.NotFound"/> if there is no such vault.
/// </summary>
/// <param name="Vault">The vault.</param>
/// <param name="From">The index of the first entry wanted.</param>
/// <param name="AtLeast">The block that the asker has heard of; an older state is not wanted.</param>
/// <param name="WaitMilliseconds">
/// How long the node may wait until the stream has an entry with that index; 0 for an answer now. At most 30,000 count.
/// </param>
/// <param name="IsLinearizable">
/// Whether everything is wanted that was final anywhere before the question, and not only what this node knows.
/// </param>
public sealed record ReadVault(Digest Vault, ulong From, ulong AtLeast, uint WaitMilliseconds, bool IsLinearizable)
    : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.ReadVault;

    internal override void WriteBody(WireWriter writer) =>
        writer.Digest(Vault).U64(From).U64(AtLeast).U32(WaitMilliseconds).Flag(IsLinearizable);

    internal static ReadVault Read(ref WireReader reader) =>
        new(reader.Digest(), reader.U64(), reader.U64(), reader.U32(), reader.Flag());
}
