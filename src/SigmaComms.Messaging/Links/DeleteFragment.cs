using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Drops a fragment. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Fragment">The fragment's id.</param>
public sealed record DeleteFragment(Digest Fragment) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.DeleteFragment;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Fragment);
    }

    internal static DeleteFragment Read(ref WireReader reader) => new(reader.Digest());
}
