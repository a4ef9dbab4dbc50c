using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks what a fragment is. Reply: <see cref="FragmentDescription"/> or a refusal.</summary>
/// <param name="Fragment">The fragment's id.</param>
public sealed record DescribeFragment(Digest Fragment) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.DescribeFragment;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Fragment);
    }

    internal static DescribeFragment Read(ref WireReader reader) => new(reader.Digest());
}
