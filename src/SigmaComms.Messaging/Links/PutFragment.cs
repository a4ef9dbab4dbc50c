using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Keeps a part of a fragment; the parts of one fragment come one after the other, in order. Reply: <see cref="Done"/>,
/// to the last one once all is durable, or a refusal.
/// </summary>
/// <param name="Label">The encoded label of the fragment, the same in each part; the link does not read it.</param>
/// <param name="Offset">Where the part begins, from 0.</param>
/// <param name="Content">The part, at least one byte.</param>
/// <remarks>Whoever handles one that came over a link disposes it; whoever sends one has it disposed.</remarks>
public sealed record PutFragment(ReadOnlyMemory<byte> Label, uint Offset, ReadOnlyMemory<byte> Content)
    : LinkMessage, IDisposable
{
    /// <summary>The room of the content, if it was rented.</summary>
    public RentedBytes? Room { get; init; }

    internal override LinkMessageId TypeId => LinkMessageId.PutFragment;

    internal override ReadOnlyMemory<byte> Tail => Content;

    /// <summary>Gives back the room of the content, which nobody may look at any more.</summary>
    public void Dispose() => Room?.Dispose();

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque16(Label.Span);
        writer.U32(Offset);
        writer.U24(Content.Length);
    }

    internal static PutFragment Read(ref WireReader reader)
    {
        byte[] label = reader.Opaque16(LinkLimits.FragmentLabelBytes).ToArray();
        uint offset = reader.U32();
        RentedBytes? room = LinkWire.Rented(ref reader, LinkLimits.FragmentPartBytes);
        if (room is null)
        {
            reader.Fail();
        }

        return new PutFragment(label, offset, room?.Memory ?? default) { Room = room };
    }
}
