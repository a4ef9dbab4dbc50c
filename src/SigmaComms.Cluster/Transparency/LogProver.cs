using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Transparency;

/// <summary>
/// Shows clients what the control log has of names and nodes. A header names the state before its own commands, so the
/// newest state can only be shown once another block follows: if something that is shown has changed since, one command
/// that changes nothing is ordered for all who ask.
/// </summary>
internal sealed class LogProver(ControlLog log)
{
    private static readonly TimeSpan NudgePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task _nudge = Task.CompletedTask;

    /// <summary>Answers a client.</summary>
    /// <param name="ask">What it asks, and up to where it has verified the log.</param>
    public async ValueTask<LinkMessage> AnswerAsync(GetLogProof ask)
    {
        if (ask.Name is not null && !AccountName.IsValid(ask.Name))
        {
            return new Refused(RefusalReason.Malformed, "that is no account name");
        }

        ControlReading reading = log.Read();
        if (ask.Height > reading.Height.Value || ask.Epoch > reading.Ledger.Validators.Epoch.Value)
        {
            return Behind($"this node has block {reading.Height} of epoch {reading.Ledger.Validators.Epoch}, "
                + $"and you have seen {ask.Height} of {ask.Epoch}");
        }

        if (!IsNewest(log.Desk.Board.Proven, reading, ask))
        {
            await NudgeAsync();
        }

        if (log.Desk.Board.Proven is not { } proven || !Reaches(proven, ask))
        {
            return Behind("the log's newest state cannot be shown at the moment: no further block becomes final");
        }

        bool isOlder = proven.Header.Height <= reading.Height;
        return isOlder && ask.Name is { } name && RecordOf(reading.Ledger, name) != RecordOf(proven.Ledger, name)
            ? Behind($"what the log has of {name} cannot be shown at the moment: no further block becomes final")
            : await ShowAsync(proven, ask);
    }

    private static bool IsNewest(ProvenState? proven, ControlReading reading, GetLogProof ask) =>
        proven is not null && Reaches(proven, ask)
        && RootOf(proven.Ledger, MachineIds.KeyDirectory) == RootOf(reading.Ledger, MachineIds.KeyDirectory)
        && RootOf(proven.Ledger, MachineIds.Membership) == RootOf(reading.Ledger, MachineIds.Membership);

    private static bool Reaches(ProvenState proven, GetLogProof ask) =>
        proven.Header.Height.Value >= ask.Height && proven.Header.Epoch.Value >= ask.Epoch
        && DirectoryOf(proven.Ledger).Index.HistoryCount >= ask.Updates;

    private static Digest RootOf(Ledger ledger, ushort machine) => ledger.StateOf(machine)!.Root;

    private static KeyDirectoryState DirectoryOf(Ledger ledger) =>
        (KeyDirectoryState)ledger.StateOf(MachineIds.KeyDirectory)!;

    private static Digest? RecordOf(Ledger ledger, string name) => DirectoryOf(ledger).Index.Find(name)?.Record;

    private static Refused Behind(string why) => new(RefusalReason.Unavailable, why);

    /// <summary>One command at a time serves everybody who waits.</summary>
    private Task NudgeAsync()
    {
        lock (_gate)
        {
            if (_nudge.IsCompleted)
            {
                _nudge = log.NudgeAsync(NudgePatience, CancellationToken.None);
            }

            return _nudge;
        }
    }

    private async ValueTask<LinkMessage> ShowAsync(ProvenState proven, GetLogProof ask)
    {
        Epoch from = new(ask.Epoch);
        Epoch to = proven.Header.Epoch;
        IReadOnlyList<EpochHandover> handovers = from < to
            ? await log.ReadHandoversAsync(from, to, DiskPatience, CancellationToken.None)
            : [];
        Epoch reached = new(ask.Epoch + (ulong)handovers.Count);
        if (reached < to && handovers.Count == 0)
        {
            return new Refused(
                RefusalReason.NotFound, $"this node does not keep how epoch {ask.Epoch} ended; ask another one");
        }

        LogAnswer answer = new(handovers, reached == to ? HeadOf(proven, ask) : null);
        byte[] encoded = answer.Encode();
        if (handovers.Count > 0 && encoded.Length > LogAnswer.EncodedSizeMax)
        {
            encoded = new LogAnswer(handovers, null).Encode();
        }

        return encoded.Length > LogAnswer.EncodedSizeMax
            ? new Refused(RefusalReason.TooLarge, "the proof does not fit a frame")
            : new LogProof(encoded);
    }

    private static HeadProof? HeadOf(ProvenState proven, GetLogProof ask)
    {
        KeyDirectoryState directory = DirectoryOf(proven.Ledger);
        MembershipState members = (MembershipState)proven.Ledger.StateOf(MachineIds.Membership)!;
        NameProof? name = ask.Name is null
            ? null
            : new NameProof(directory.Prove(ask.Name), directory.FindRecord(ask.Name) ?? default);
        MemberProof? member = ask.Node is not { } node
            ? null
            : new MemberProof(members.Opening, members.Prove(node), members.Find(node));
        return new HeadProof(
            new StateProof(proven.Header, proven.Proof, proven.Ledger.Open()),
            directory.Index.Opening,
            directory.Index.ProveConsistency(ask.Updates)!,
            name,
            member);
    }
}
