using SigmaComms.Consensus.Wire;

namespace SigmaComms.Simulation.Worlds;

/// <summary>A message on its way, as bytes and as read from them: what a codec would lose is lost here too.</summary>
internal sealed class Envelope
{
    public Envelope(Message message)
    {
        Bytes = MessageCodec.Encode(message);
        if (!MessageCodec.TryDecode(Bytes, out Message? read))
        {
            throw new SimulationFailure("codec", $"{message.GetType().Name} cannot be read back");
        }

        Message = read;
    }

    public byte[] Bytes { get; }

    public Message Message { get; }

    /// <summary>The first byte names the kind.</summary>
    public MessageId Id => (MessageId)Bytes[0];
}
