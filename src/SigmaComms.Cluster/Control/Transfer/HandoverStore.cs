using System.Globalization;
using SigmaComms.Cluster.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// How each epoch handed over to the next, a file for each: whoever trusts the validators of one epoch follows them to
/// the present one. Not safe for more threads than one.
/// </summary>
internal sealed class HandoverStore(IDisk disk)
{
    private const string Prefix = "handover-";
    private const string NewName = "handover.new";
    private const int SizeMax = 1 << 20;

    /// <summary>Keeps a hand-over durably, if it is not kept.</summary>
    public void Keep(EpochHandover handover)
    {
        string name = NameOf(handover.Header.Epoch);
        if (disk.ListNames().Contains(name))
        {
            return;
        }

        WireWriter writer = new(16_384);
        handover.WriteTo(writer);
        using (IDiskFile file = disk.Create(NewName, 0))
        {
            file.Write(0, writer.Written);
            file.Sync();
        }

        disk.Rename(NewName, name);
        disk.SyncNames();
    }

    /// <summary>The hand-overs from an epoch on up to another one.</summary>
    /// <param name="from">The first epoch.</param>
    /// <param name="to">The epoch that must be reached.</param>
    /// <returns>Null if one is missing or damaged, or there are more than one offer may have.</returns>
    public IReadOnlyList<EpochHandover>? Read(Epoch from, Epoch to)
    {
        List<EpochHandover> handovers = [];
        for (Epoch epoch = from; epoch < to; epoch = epoch.Next)
        {
            if (handovers.Count >= HostMessageCodec.HandoversMax || Read(epoch) is not { } handover)
            {
                return null;
            }

            handovers.Add(handover);
        }

        return handovers;
    }

    private static string NameOf(Epoch epoch) => Prefix + epoch.Value.ToString("x16", CultureInfo.InvariantCulture);

    private EpochHandover? Read(Epoch epoch)
    {
        if (!disk.ListNames().Contains(NameOf(epoch)))
        {
            return null;
        }

        using IDiskFile file = disk.Open(NameOf(epoch));
        byte[] bytes = new byte[(int)Math.Min(file.Length, SizeMax)];
        int count = file.Read(0, bytes);
        var reader = new WireReader(bytes.AsSpan(0, count));
        return EpochHandover.TryRead(ref reader, out EpochHandover? handover) && reader.AtEnd ? handover : null;
    }
}
