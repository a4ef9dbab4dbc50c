using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// Offers this node's snapshots to others and takes one from them: part by part, each chunk checked as soon as it is
/// whole, and the state once all are there. Not safe for more threads than one.
/// </summary>
internal sealed class SnapshotExchange(
    SnapshotStore snapshots, HandoverStore handovers, IReadOnlyList<IMachine> machines) : IDisposable
{
    /// <summary>
    /// The most bytes of an offer, or of hand-overs in one message: 900,000. A frame may have about 1 MiB, and what is
    /// over its size nobody sends.
    /// </summary>
    public const int OfferSizeMax = 900_000;

    private SnapshotOffer? _offer;
    private SnapshotFile? _intake;
    private byte[] _chunk = [];
    private int _chunkIndex;
    private int _chunkFilled;

    /// <summary><see cref="OfferSizeMax"/>; less in tests.</summary>
    public int SizeMax { get; init; } = OfferSizeMax;

    /// <summary>The height of the newest snapshot; null if there is none.</summary>
    public Height? Newest => snapshots.Heights is [Height newest, ..] ? newest : null;

    /// <summary>What to offer to somebody who knows the validators of an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="serve">A block of a height with a proof that it is final; null if it is not kept.</param>
    /// <returns>
    /// The offer; a part of the way, if all of it does not fit; null if there is no snapshot whose next block is final,
    /// or the way to it is not kept.
    /// </returns>
    public HostMessage? Offer(Epoch epoch, Func<Height, Message.FinalBlocks?> serve)
    {
        foreach (Height height in snapshots.Heights)
        {
            using SnapshotFile? file = snapshots.Open(height);
            if (file is null || serve(height.Next) is not { } child)
            {
                continue;
            }

            Epoch reached = child.Blocks[0].Header.Epoch;
            HostMessage.SnapshotOffered bare = new(new SnapshotOffer(
                file.Manifest, child.Blocks[0].Header, child.Proof, []));
            int room = SizeMax - HostMessageCodec.Encode(bare).Length;
            IReadOnlyList<EpochHandover> way = handovers.Read(epoch, reached, room);
            if (epoch.Value + (ulong)way.Count == reached.Value)
            {
                return new HostMessage.SnapshotOffered(bare.Offer with { Handovers = way });
            }

            way = epoch < reached ? handovers.Read(epoch, reached, SizeMax) : [];
            if (way.Count > 0)
            {
                return new HostMessage.HandoversFound(way);
            }
        }

        return null;
    }

    /// <summary>A part of a chunk of one of this node's snapshots.</summary>
    /// <returns>Null if there is none.</returns>
    public HostMessage.PartFound? Part(HostMessage.PartAsked asked)
    {
        foreach (Height height in snapshots.Heights)
        {
            using SnapshotFile? file = snapshots.Open(height);
            if (file is null || file.Manifest.ComputeId() != asked.Snapshot
                || file.Read(asked.Chunk) is not { } chunk || asked.Offset >= chunk.Length)
            {
                continue;
            }

            int sizeBytes = Math.Min(HostMessageCodec.PartSizeMax, chunk.Length - (int)asked.Offset);
            return new HostMessage.PartFound(
                asked.Snapshot, asked.Chunk, asked.Offset, chunk.AsMemory((int)asked.Offset, sizeBytes));
        }

        return null;
    }

    /// <summary>Begins to take a snapshot that was shown to be final, or goes on with it.</summary>
    /// <returns>The first part to ask for; null if all is here.</returns>
    public HostMessage.PartAsked? Begin(SnapshotOffer offer)
    {
        _intake?.Dispose();
        _offer = offer;
        _intake = snapshots.BeginIntake(offer.Manifest);
        _chunkFilled = 0;
        return Next();
    }

    /// <summary>Takes a part.</summary>
    /// <returns>
    /// The next part to ask for; null if all is here, or the part is not the one that was asked for or its chunk is
    /// wrong.
    /// </returns>
    public HostMessage.PartAsked? Take(HostMessage.PartFound part)
    {
        if (_intake is null || Next() is not { } asked || part.Snapshot != asked.Snapshot
            || part.Chunk != asked.Chunk || part.Offset != asked.Offset
            || part.Bytes.Length != Math.Min(HostMessageCodec.PartSizeMax, _chunk.Length - _chunkFilled))
        {
            return null;
        }

        part.Bytes.Span.CopyTo(_chunk.AsSpan(_chunkFilled));
        _chunkFilled += part.Bytes.Length;
        if (_chunkFilled == _chunk.Length)
        {
            // Whoever sends a wrong chunk is asked for nothing more: it could go on for ever.
            _chunkFilled = 0;
            if (!_intake.TryPut(_chunkIndex, _chunk))
            {
                return null;
            }
        }

        return Next();
    }

    /// <summary>Makes the state of the snapshot, if all of it is here; durable as one of this node's own.</summary>
    /// <returns>Null if something is missing, or it is not what its headers say.</returns>
    public Foundation? Finish()
    {
        if (_intake is null || _offer is not { } offer || _intake.Missing.Count > 0)
        {
            return null;
        }

        // All is checked before it counts as one of this node's own: those are trusted after a restart.
        SnapshotFile intake = _intake;
        (_intake, _offer) = (null, null);
        bool isGood = SnapshotContent.TryDecode(
            machines, Join(intake), offer.Child.StateRoot, out Foundation? foundation)
            && foundation.Digest == offer.Child.Parent && foundation.History.Root == offer.Child.HistoryRoot;
        if (!isGood || !snapshots.TryFinishIntake(intake))
        {
            intake.Dispose();
            return null;
        }

        handovers.Keep([.. offer.Handovers]);

        return foundation;
    }

    /// <inheritdoc/>
    public void Dispose() => _intake?.Dispose();

    private static byte[] Join(SnapshotFile file)
    {
        byte[] whole = new byte[file.Manifest.SizeBytes];
        for (int i = 0; i < file.Manifest.Chunks.Count; i++)
        {
            file.Read(i)?.CopyTo(whole, (long)i * SnapshotManifest.ChunkSize);
        }

        return whole;
    }

    private HostMessage.PartAsked? Next()
    {
        if (_intake is null || _intake.Missing.Count == 0)
        {
            return null;
        }

        int index = _intake.Missing[0];
        if (index != _chunkIndex || _chunkFilled == 0)
        {
            (_chunkIndex, _chunkFilled) = (index, 0);
            _chunk = new byte[_intake.Manifest.SizeOf(index)];
        }

        return new HostMessage.PartAsked(_intake.Manifest.ComputeId(), (ushort)index, (uint)_chunkFilled);
    }
}
