using SigmaComms.Consensus;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>What the hosts of replicas send each other besides the core's messages.</summary>
internal abstract record HostMessage
{
    private HostMessage()
    {
    }

    /// <summary>
    /// Asks a validator for the highest view in which it cast finalize. Answer: <see cref="ReadSaid"/>.
    /// </summary>
    /// <param name="Nonce">Joins question and answer.</param>
    public sealed record ReadAsked(ulong Nonce) : HostMessage;

    /// <summary>The answer to <see cref="ReadAsked"/>. To verify: the certificate.</summary>
    /// <param name="Nonce">Of the question.</param>
    /// <param name="Epoch">The answering replica's epoch.</param>
    /// <param name="View">The highest view in which it cast finalize, or that is final.</param>
    /// <param name="Certificate">Shows that the view has a notarized block; null if the view is final there.</param>
    public sealed record ReadSaid(ulong Nonce, Epoch Epoch, View View, Certificate? Certificate) : HostMessage;

    /// <summary>The blocks that were asked for are not kept any more; a snapshot is there instead.</summary>
    /// <param name="Height">Its height.</param>
    public sealed record SnapshotHinted(Height Height) : HostMessage;

    /// <summary>
    /// Asks for the newest snapshot, and how to trust it. Answer: <see cref="SnapshotOffered"/>, or
    /// <see cref="HandoversFound"/> if the way there is too long for one message.
    /// </summary>
    /// <param name="Epoch">The epoch whose validators the asking replica knows.</param>
    public sealed record SnapshotAsked(Epoch Epoch) : HostMessage;

    /// <summary>The newest snapshot.</summary>
    /// <param name="Offer">What it is, and what shows that.</param>
    public sealed record SnapshotOffered(SnapshotOffer Offer) : HostMessage;

    /// <summary>
    /// A part of the way from the asked epoch to the newest snapshot's: ask again from the epoch to which it leads.
    /// </summary>
    /// <param name="Handovers">At least one, in a row, from the asked epoch on.</param>
    public sealed record HandoversFound(IReadOnlyList<EpochHandover> Handovers) : HostMessage;

    /// <summary>Asks for a part of a snapshot's chunk. Answer: <see cref="PartFound"/>.</summary>
    /// <param name="Snapshot">The snapshot's id.</param>
    /// <param name="Chunk">The chunk.</param>
    /// <param name="Offset">Where in the chunk.</param>
    public sealed record PartAsked(Digest Snapshot, ushort Chunk, uint Offset) : HostMessage;

    /// <summary>A part of a snapshot's chunk; checked once the chunk is whole.</summary>
    /// <param name="Snapshot">The snapshot's id.</param>
    /// <param name="Chunk">The chunk.</param>
    /// <param name="Offset">Where in the chunk.</param>
    /// <param name="Bytes">At most 512 KiB.</param>
    public sealed record PartFound(Digest Snapshot, ushort Chunk, uint Offset, ReadOnlyMemory<byte> Bytes)
        : HostMessage;
}
