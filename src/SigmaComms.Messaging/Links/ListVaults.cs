using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks for the vaults that the sender's device owns or may write, a page at a time, in the order of their ids. Reply:
/// <see cref="VaultList"/> or a refusal.
/// </summary>
/// <param name="After">The last one that is known already; zeros to begin.</param>
public sealed record ListVaults(Digest After) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.ListVaults;

    internal override void WriteBody(WireWriter writer) => writer.Digest(After);

    internal static ListVaults Read(ref WireReader reader) => new(reader.Digest());
}
