using System.Text.Json;
using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;

namespace SigmaComms.Node.Control;

/// <summary>The control log as JSON: what a node's door answers.</summary>
internal static class ControlJson
{
    /// <summary>How a replica stands.</summary>
    public static void Write(Utf8JsonWriter writer, ControlStatus status)
    {
        writer.WriteString("state", NameOf(status.State));
        writer.WriteString("detail", status.Detail);
        writer.WriteNumber("epoch", status.Epoch.Value);
        writer.WriteNumber("view", status.View.Value);
        writer.WriteString("leader", status.Leader.ToString());
        writer.WriteNumber("height", status.Height.Value);
        writer.WriteString("digest", status.Digest.ToString());
        writer.WriteString("timestamp", new DateTimeOffset(status.Timestamp, TimeSpan.Zero));
        WriteIds(writer, "signedBy", status.SignedBy);
        writer.WriteNumber("knownHeight", status.KnownHeight.Value);
        writer.WriteNumber("lag", status.Lag);
        WriteIds(writer, "validators", status.Validators);
        writer.WriteBoolean("isVoting", status.IsVoting);
        writer.WriteString("notVotingBecause", status.NotVotingBecause);
        writer.WriteNumber("incarnation", status.Incarnation);
        writer.WriteNumber("waitingGroups", status.WaitingGroups);
        if (status.Wal is { } wal)
        {
            writer.WriteStartObject("log");
            writer.WriteNumber("firstRecord", wal.FirstRecord);
            writer.WriteNumber("nextRecord", wal.NextRecord);
            writer.WriteNumber("syncs", wal.Groups);
            writer.WriteNumber("segments", wal.Segments);
            writer.WriteNumber("segmentBytes", wal.SegmentBytes);
            writer.WriteNumber("blockBytes", wal.BlockBytes);
            writer.WriteEndObject();
        }
    }

    /// <summary>Who belongs to the cluster after the last final block.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ControlReading reading)
    {
        writer.WriteNumber("height", reading.Height.Value);
        writer.WriteNumber("lag", reading.Lag);
        writer.WriteStartArray("members");
        if (reading.Ledger.StateOf(MachineIds.Membership) is MembershipState membership)
        {
            foreach (Member member in membership.Members)
            {
                Write(writer, member, reading);
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>What a vault holds after the last final block.</summary>
    public static void WriteVault(Utf8JsonWriter writer, ControlReading reading, Digest id)
    {
        VaultStream? vault = (reading.Ledger.StateOf(MachineIds.VaultCommands) as VaultCommandsState)?.Find(id);
        writer.WriteNumber("height", reading.Height.Value);
        writer.WriteNumber("lag", reading.Lag);
        writer.WriteBoolean("found", vault is not null);
        if (vault is null)
        {
            return;
        }

        writer.WriteString("owner", vault.Owner.ToString());
        writer.WriteNumber("first", vault.First);
        writer.WriteNumber("count", vault.Count);
        writer.WriteString("head", vault.Head.ToString());
        writer.WriteNumber("bytes", vault.KeptBytes);
        if (vault.Count > vault.First)
        {
            VaultEntry last = vault.Read(vault.Count - 1, 1, 0)[0];
            writer.WriteBase64String("last", last.Content.Span);
        }
    }

    /// <summary>What became of a command.</summary>
    public static void Write(Utf8JsonWriter writer, CommandAnswer answer)
    {
        writer.WriteString("verdict", answer.Verdict.ToString());
        writer.WriteString("outcome", answer.Outcome.ToString());
        writer.WriteBase64String("reply", answer.Reply.Span);
        writer.WriteNumber("height", answer.Height.Value);
        writer.WriteString("client", answer.Client.ToString());
        writer.WriteNumber("sequence", answer.Sequence);
        writer.WriteString("detail", answer.Detail);
    }

    private static void Write(Utf8JsonWriter writer, Member member, ControlReading reading)
    {
        writer.WriteStartObject();
        writer.WriteString("node", member.Node.ToString());
        writer.WriteString("state", member.State.ToString().ToLowerInvariant());
        writer.WriteString("reason", member.Reason.ToString().ToLowerInvariant());
        writer.WriteString("roles", member.Place.Roles.ToString().ToLowerInvariant());
        writer.WriteString("zone", member.Place.Zone);
        writer.WriteNumber("weight", member.Place.Weight);
        writer.WriteBoolean("isVoting", reading.Ledger.Validators.TryIndexOf(member.Node, out _));
        writer.WriteBoolean("votesNext", reading.Ledger.NextValidators?.TryIndexOf(member.Node, out _) == true);
        writer.WriteNumber("changedAt", member.ChangedAt.Value);
        writer.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, IReadOnlyList<NodeId> nodes)
    {
        writer.WriteStartArray(name);
        foreach (NodeId node in nodes)
        {
            writer.WriteStringValue(node.ToString());
        }

        writer.WriteEndArray();
    }

    private static string NameOf(ControlState state) => state switch
    {
        ControlState.Opening => "opening",
        ControlState.Running => "running",
        ControlState.DiskFailing => "disk failing",
        _ => "halted",
    };
}
