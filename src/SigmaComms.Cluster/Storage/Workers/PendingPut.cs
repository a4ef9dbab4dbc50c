using SigmaComms.Actors;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A fragment on its way to a volume, in a slot of its own memory.</summary>
internal sealed class PendingPut
{
    private readonly RentedBytes _slot;

    private PendingPut(FragmentLabel label, byte[] encoded, RentedBytes slot, int sizeBytes)
    {
        SizeBytes = sizeBytes;
        Label = label;
        Encoded = encoded;
        _slot = slot;
    }

    public FragmentLabel Label { get; }

    /// <summary>The encoded label.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Bytes of the slot.</summary>
    public int SizeBytes { get; }

    /// <summary>Who waits for the answer.</summary>
    public IActorRef? ReplyTo { get; set; }

    /// <summary>Where it goes, once that is known.</summary>
    public FragmentPlace Place { get; set; }

    /// <summary>Number of the write, once it has a place.</summary>
    public long Sequence { get; set; }

    /// <summary>When it is stored.</summary>
    public DateTimeOffset StoredAt { get; set; }

    /// <summary>Copies a fragment; the caller's bytes are not used any more.</summary>
    /// <returns>Null if it is not what the label says.</returns>
    public static PendingPut? Of(FragmentLabel label, ReadOnlySpan<byte> fragment)
    {
        if (fragment.Length != label.Length)
        {
            return null;
        }

        WireWriter writer = new();
        label.Write(writer);
        byte[] encoded = writer.Written.ToArray();
        int sizeBytes = VolumeLayout.SlotSize(encoded.Length, fragment.Length);
        RentedBytes slot = new(sizeBytes);
        Span<byte> content = slot.Memory.Span.Slice(VolumeLayout.ContentOffset(encoded.Length), fragment.Length);
        fragment.CopyTo(content);

        // The copy is checked: nobody can change it any more.
        if (FragmentTree.RootOf(content) == label.Root)
        {
            return new PendingPut(label, encoded, slot, sizeBytes);
        }

        slot.Dispose();
        return null;
    }

    /// <summary>Writes the slot; it can be done again.</summary>
    public void Write(VolumeFile file)
    {
        Span<byte> slot = _slot.Memory.Span;
        Invariant.Holds(slot.Length == SizeBytes);
        file.Sealer.Seal(Place.Offset, new SlotHeader(Sequence, StoredAt, Label.Length, Encoded), slot);
        file.Write(Place.Offset, slot);
    }

    /// <summary>
    /// Gives the slot's room back, once it is known that nobody writes it any more. Else the garbage collector has it.
    /// </summary>
    public void Free() => _slot.Dispose();

    /// <summary>What the index says of it.</summary>
    public FragmentRow Row()
    {
        byte[] stripe = new byte[FragmentRow.StripeIdSize];
        Label.Stripe.CopyTo(stripe);
        return new FragmentRow(
            Label.Id.Value, Label.Vault, stripe, Place, Sequence, FragmentState.Live, StoredAt, Encoded);
    }
}
