namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>One of the peer's chains: its ratchet key, and which of its messages can still come.</summary>
/// <param name="Dh">The peer's ratchet key.</param>
/// <param name="Serial">1 for the peer's first chain, then counting.</param>
internal sealed record ReceivingChain(byte[] Dh, uint Serial)
{
    /// <summary>Messages in the chain; known once it is closed.</summary>
    public uint Length { get; set; }

    /// <summary>Keys of lower numbers were discarded.</summary>
    public uint DiscardedBelow { get; set; }
}
