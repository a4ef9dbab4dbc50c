using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks for a part of a fragment. Reply: <see cref="FragmentPart"/> or a refusal.</summary>
/// <param name="Fragment">The fragment's id; who knows it may read it.</param>
/// <param name="Offset">Where the part begins, from 0.</param>
/// <param name="Length">How long it is, at most <see cref="LinkLimits.FragmentPartBytes"/>.</param>
public sealed record GetFragment(Digest Fragment, uint Offset, uint Length) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetFragment;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Fragment);
        writer.U32(Offset);
        writer.U32(Length);
    }

    internal static GetFragment Read(ref WireReader reader)
    {
        var read = new GetFragment(reader.Digest(), reader.U32(), reader.U32());
        if (read.Length > LinkLimits.FragmentPartBytes)
        {
            reader.Fail();
        }

        return read;
    }
}
