using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Transparency;

/// <summary>
/// Shows clients what the control log has of names, nodes and vaults. A header names the state before its own commands,
/// so the newest state can only be shown once another block follows: if something that is shown has changed since, one
/// command that changes nothing is ordered for all who ask.
/// </summary>
internal sealed class LogProver(ControlLog log)
{
    private const int NudgesMax = 3;

    private static readonly TimeSpan NudgePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(3);

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

        Asker asker = new(ask.Epoch, ask.Height, ask.Updates);
        ControlReading reading = log.Read();
        if (Ahead(asker, reading) is { } ahead)
        {
            return ahead;
        }

        if (!IsNewest(log.Desk.Board.Proven, reading, asker))
        {
            await NudgeAsync();
        }

        if (log.Desk.Board.Proven is not { } proven || !Reaches(proven, asker))
        {
            return Behind("the log's newest state cannot be shown at the moment: no further block becomes final");
        }

        bool isOlder = proven.Header.Height <= reading.Height;
        return isOlder && ask.Name is { } name && RecordOf(reading.Ledger, name) != RecordOf(proven.Ledger, name)
            ? Behind($"what the log has of {name} cannot be shown at the moment: no further block becomes final")
            : await ShowAsync(proven, asker, new HeadQuestion(ask.Name, ask.Node));
    }

    /// <summary>Answers a client that asks for a vault or the members.</summary>
    /// <param name="ask">What it asks, and up to where it has verified the log.</param>
    public async ValueTask<LinkMessage> AnswerAsync(GetStateProof ask)
    {
        if (ask.Vault is null && !ask.WithMembers)
        {
            return new Refused(RefusalReason.Malformed, "nothing is asked for");
        }

        Asker asker = new(ask.Epoch, ask.Height, ask.Updates);
        ControlReading? reading = log.Read();
        if (ask.IsLinearizable || reading.Height.Value < Math.Max(ask.After, ask.Height))
        {
            reading = await log.ReadLinearizableAsync(ReadPatience, CancellationToken.None);
        }

        if (reading is null)
        {
            return Behind("the control log's newest state is not to be had: it has no quorum");
        }

        if (Ahead(asker, reading) is { } ahead)
        {
            return ahead;
        }

        // A nudge that serves others may have been on its way before this state was final.
        for (int nudges = 0; nudges < NudgesMax && !Shows(log.Desk.Board.Proven, reading, asker, ask); nudges++)
        {
            await NudgeAsync();
        }

        return log.Desk.Board.Proven is { } proven && Shows(proven, reading, asker, ask)
            ? await ShowAsync(proven, asker, new HeadQuestion(Vault: ask.Vault, Members: ask.WithMembers))
            : Behind("the log's newest state cannot be shown at the moment: no further block becomes final");
    }

    private static Refused? Ahead(Asker asker, ControlReading reading) =>
        asker.Height > reading.Height.Value || asker.Epoch > reading.Ledger.Validators.Epoch.Value
            ? Behind($"this node has block {reading.Height} of epoch {reading.Ledger.Validators.Epoch}, "
                + $"and you have seen {asker.Height} of {asker.Epoch}")
            : null;

    private static bool IsNewest(ProvenState? proven, ControlReading reading, Asker asker) =>
        proven is not null && Reaches(proven, asker)
        && RootOf(proven.Ledger, MachineIds.KeyDirectory) == RootOf(reading.Ledger, MachineIds.KeyDirectory)
        && RootOf(proven.Ledger, MachineIds.Membership) == RootOf(reading.Ledger, MachineIds.Membership);

    /// <summary>Whether it shows the state of a reading, or a later one, as far as it was asked for.</summary>
    private static bool Shows(ProvenState? proven, ControlReading reading, Asker asker, GetStateProof ask)
    {
        if (proven is null || !Reaches(proven, asker))
        {
            return false;
        }

        // The header of a later block names a state with all of the reading in it.
        bool isLater = proven.Header.Height > reading.Height;
        return isLater
            || ((!ask.WithMembers || RootOf(proven.Ledger, MachineIds.Membership)
                    == RootOf(reading.Ledger, MachineIds.Membership))
                && (ask.Vault is not { } vault
                || StandingOf(proven.Ledger, vault) == StandingOf(reading.Ledger, vault)));
    }

    private static bool Reaches(ProvenState proven, Asker asker) =>
        proven.Header.Height.Value >= asker.Height && proven.Header.Epoch.Value >= asker.Epoch
        && DirectoryOf(proven.Ledger).Index.HistoryCount >= asker.Updates;

    private static Digest RootOf(Ledger ledger, ushort machine) => ledger.StateOf(machine)!.Root;

    private static KeyDirectoryState DirectoryOf(Ledger ledger) =>
        (KeyDirectoryState)ledger.StateOf(MachineIds.KeyDirectory)!;

    private static VaultCommandsState VaultsOf(Ledger ledger) =>
        (VaultCommandsState)ledger.StateOf(MachineIds.VaultCommands)!;

    private static VaultSummary? StandingOf(Ledger ledger, Digest vault) => VaultsOf(ledger).Find(vault)?.Summary;

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

    private async ValueTask<LinkMessage> ShowAsync(ProvenState proven, Asker asker, HeadQuestion question)
    {
        Epoch from = new(asker.Epoch);
        Epoch to = proven.Header.Epoch;
        IReadOnlyList<EpochHandover> handovers = from < to
            ? await log.ReadHandoversAsync(from, to, DiskPatience, CancellationToken.None)
            : [];
        Epoch reached = new(asker.Epoch + (ulong)handovers.Count);
        if (reached < to && handovers.Count == 0)
        {
            return new Refused(
                RefusalReason.NotFound, $"this node does not keep how epoch {asker.Epoch} ended; ask another one");
        }

        LogAnswer answer = new(handovers, reached == to ? HeadOf(proven, asker, question) : null);
        byte[] encoded = answer.Encode();
        if (handovers.Count > 0 && encoded.Length > LogAnswer.EncodedSizeMax)
        {
            encoded = new LogAnswer(handovers, null).Encode();
        }

        return encoded.Length > LogAnswer.EncodedSizeMax
            ? new Refused(RefusalReason.TooLarge, "the proof does not fit a frame")
            : new LogProof(encoded);
    }

    private static HeadProof HeadOf(ProvenState proven, Asker asker, HeadQuestion question)
    {
        KeyDirectoryState directory = DirectoryOf(proven.Ledger);
        MembershipState members = (MembershipState)proven.Ledger.StateOf(MachineIds.Membership)!;
        NameProof? name = question.Name is null
            ? null
            : new NameProof(directory.Prove(question.Name), directory.FindRecord(question.Name) ?? default);
        MemberProof? member = question.Node is not { } node
            ? null
            : new MemberProof(members.Opening, members.Prove(node), members.Find(node));
        return new HeadProof(
            new StateProof(proven.Header, proven.Proof, proven.Ledger.Open()),
            directory.Index.Opening,
            directory.Index.ProveConsistency(asker.Updates)!,
            name,
            member)
        {
            Vault = question.Vault is not { } vault
                ? null
                : new VaultProof(VaultsOf(proven.Ledger).Prove(vault), StandingOf(proven.Ledger, vault)),
            Members = question.Members ? new MembersProof(members.Opening, [.. members.Members]) : null,
        };
    }

    /// <summary>How far an asker has verified the log.</summary>
    private readonly record struct Asker(ulong Epoch, ulong Height, ulong Updates);
}
