using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A part of a fragment, of the length that was asked for.</summary>
/// <param name="Content">The part.</param>
/// <remarks>Whoever awaits one disposes it; whoever sends one has it disposed.</remarks>
public sealed record FragmentPart(ReadOnlyMemory<byte> Content) : LinkMessage, IDisposable
{
    /// <summary>The room of the content, if it was rented.</summary>
    public RentedBytes? Room { get; init; }

    internal override LinkMessageId TypeId => LinkMessageId.FragmentPart;

    internal override ReadOnlyMemory<byte> Tail => Content;

    /// <summary>Gives back the room of the content, which nobody may look at any more.</summary>
    public void Dispose() => Room?.Dispose();

    internal override void WriteBody(WireWriter writer)
    {
        writer.U24(Content.Length);
    }

    internal static FragmentPart Read(ref WireReader reader)
    {
        RentedBytes? room = LinkWire.Rented(ref reader, LinkLimits.FragmentPartBytes);
        return new FragmentPart(room?.Memory ?? default) { Room = room };
    }
}
