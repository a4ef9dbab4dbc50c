using System.Globalization;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// How each epoch handed over to the next, a file for each: whoever trusts the validators of one epoch follows them to
/// the present one. None is ever deleted: who joins begins with the first.
/// </summary>
/// <remarks>Safe to call from any thread. Which epochs are there is read once, not at each question.</remarks>
internal sealed class HandoverStore
{
    private const string Prefix = "handover-";
    private const string NewName = "handover.new";
    private const int SizeMax = 1 << 20;

    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly HashSet<Epoch> _kept;

    public HandoverStore(IDisk disk)
    {
        _disk = disk;
        _kept = [.. disk.ListNames().Select(EpochOf).OfType<Epoch>()];
    }

    /// <summary>Keeps hand-overs durably, those that are not kept.</summary>
    public void Keep(params ReadOnlySpan<EpochHandover> handovers)
    {
        lock (_gate)
        {
            bool isNew = false;
            foreach (EpochHandover handover in handovers)
            {
                if (_kept.Contains(handover.Header.Epoch))
                {
                    continue;
                }

                Write(handover);
                isNew = true;
            }

            if (isNew)
            {
                _disk.SyncNames();
            }
        }
    }

    /// <summary>The hand-overs from an epoch on, in a row.</summary>
    /// <param name="from">The first epoch.</param>
    /// <param name="to">The epoch that is to be reached.</param>
    /// <param name="sizeBytesMax">At most so many bytes.</param>
    /// <returns>As far as they are there, whole, and fit; at most what one message may have.</returns>
    public IReadOnlyList<EpochHandover> Read(Epoch from, Epoch to, int sizeBytesMax)
    {
        List<EpochHandover> handovers = [];
        int room = sizeBytesMax;
        for (Epoch epoch = from; epoch < to && handovers.Count < HostMessageCodec.HandoversMax; epoch = epoch.Next)
        {
            EpochHandover? handover = Read(epoch, out int sizeBytes);
            room -= sizeBytes;
            if (handover is null || room < 0)
            {
                break;
            }

            handovers.Add(handover);
        }

        return handovers;
    }

    /// <summary>Reads the bytes of a hand-over's file.</summary>
    /// <returns>Null if they are none.</returns>
    public static EpochHandover? Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        return EpochHandover.TryRead(ref reader, out EpochHandover? handover) && reader.AtEnd ? handover : null;
    }

    /// <summary>Follows the hand-overs that are kept here; each is verified, whatever the disk says.</summary>
    /// <param name="known">Knows the validators of an epoch.</param>
    /// <returns>Knows those of the last epoch to which they lead.</returns>
    public FinalityVerifier Follow(FinalityVerifier known)
    {
        FinalityVerifier reached = known;
        while (Read(reached.Validators.Epoch, out _) is { } handover)
        {
            if (reached.Follow(handover) is not { } next)
            {
                Forget(handover.Header.Epoch);
                break;
            }

            reached = next;
        }

        return reached;
    }

    /// <summary>The name of the file of the hand-over that ends an epoch.</summary>
    public static string NameOf(Epoch epoch) => Prefix + epoch.Value.ToString("x16", CultureInfo.InvariantCulture);

    private static Epoch? EpochOf(string name) =>
        name.Length == Prefix.Length + 16 && name.StartsWith(Prefix, StringComparison.Ordinal)
        && ulong.TryParse(
            name.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
        && NameOf(new Epoch(value)) == name
            ? new Epoch(value)
            : null;

    private void Write(EpochHandover handover)
    {
        WireWriter writer = new(16_384);
        handover.WriteTo(writer);
        using (IDiskFile file = _disk.Create(NewName, 0))
        {
            file.Write(0, writer.Written);
            file.Sync();
        }

        _disk.Rename(NewName, NameOf(handover.Header.Epoch));
        _kept.Add(handover.Header.Epoch);
    }

    private EpochHandover? Read(Epoch epoch, out int sizeBytes)
    {
        sizeBytes = 0;
        lock (_gate)
        {
            if (!_kept.Contains(epoch))
            {
                return null;
            }
        }

        EpochHandover? handover = TryRead(epoch, out sizeBytes);
        if (handover is null)
        {
            Forget(epoch);
        }

        return handover;
    }

    private EpochHandover? TryRead(Epoch epoch, out int sizeBytes)
    {
        sizeBytes = 0;
        try
        {
            using IDiskFile file = _disk.Open(NameOf(epoch));
            byte[] bytes = new byte[(int)Math.Min(file.Length, SizeMax)];
            sizeBytes = file.Read(0, bytes);
            return Decode(bytes.AsSpan(0, sizeBytes));
        }
        catch (IOException)
        {
            // What the disk does not give is not there; peers have it too.
            return null;
        }
    }

    // What is damaged may be kept again.
    private void Forget(Epoch epoch)
    {
        lock (_gate)
        {
            _kept.Remove(epoch);
        }
    }
}
