using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.KeyDirectory;
using SigmaComms.Consensus.Tests.Membership;
using SigmaComms.Consensus.Tests.Proofs;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Transparency;

/// <summary>A short log with a key directory, and a node that shows what it has.</summary>
internal sealed class ShownLog
{
    private static readonly TestSigner Publisher = new(31);
    private ulong _sequence;

    public ProvenLog Log { get; } = new(new KeyDirectoryMachine(new PlainJudge(), new DirectoryLimits()));

    public TrustedHead Genesis => TrustedHead.Genesis(TestNode.Cluster, Log.First);

    public int Last => Log.Headers.Count - 1;

    public List<EpochHandover> Handovers { get; } = [];

    public static byte[] Record(string name, int account = 1, int version = 1) =>
        PlainJudge.Record(name, account, version);

    /// <summary>A block that publishes the record, and one after it that shows it.</summary>
    public void Publish(byte[] record)
    {
        Log.Append(isEpochEnd: false, Publisher.Group(1, new Command(
            Publisher.Id.Value, ++_sequence, MachineIds.KeyDirectory, KeyDirectoryState.EncodePublish(record))));
        Log.Append(isEpochEnd: false);
    }

    /// <summary>The epoch ends, and a block of the next one stands.</summary>
    public void ChangeEpoch()
    {
        Log.ChangeEpoch();
        Ledger before = Log.Ledgers[Last];
        Handovers.Add(new EpochHandover(
            Log.Headers[Last], Log.Finality(Last, distance: 0), Log.Openings[Last], before.NextValidators!));
        Log.Append(isEpochEnd: false);
    }

    /// <summary>What an honest node shows of the state at a block; the last one unless another is named.</summary>
    public LogAnswer Show(TrustedHead asker, string? name, NodeId? node = null, int? at = null)
    {
        int height = at ?? Last;
        Ledger ledger = Log.Ledgers[height];
        KeyDirectoryState directory = (KeyDirectoryState)ledger.StateOf(MachineIds.KeyDirectory)!;
        MembershipState members = (MembershipState)ledger.StateOf(MachineIds.Membership)!;
        BlockHeader header = Log.Headers[height];
        HeadProof head = new(
            new StateProof(header, Log.Finality(height, distance: 0), Log.Openings[height]),
            directory.Index.Opening,
            directory.Index.ProveConsistency(Math.Min(asker.Directory.HistoryCount, directory.Index.HistoryCount))!,
            name is null ? null : new NameProof(directory.Prove(name), directory.FindRecord(name) ?? default),
            node is not { } asked ? null : new MemberProof(members.Opening, members.Prove(asked), members.Find(asked)));
        return new LogAnswer(
            [.. Handovers.Where(handover => handover.Header.Epoch >= asker.Validators.Epoch)], head);
    }
}
