using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Membership;

/// <summary>Keeps the admitted set and this node's last incarnation over restarts, as snapshots.</summary>
internal sealed class MemberStore
{
    /// <summary>Under which id; every node that ever started has a snapshot of it.</summary>
    public const string PersistenceId = "membership";

    private const uint TypeId = 1;
    private const byte Version = 1;
    private const int MembersMax = 1_024;

    private readonly ISnapshotStore _snapshots;
    private long _sequence;

    private MemberStore(ISnapshotStore snapshots, long sequence, ulong incarnation, List<MemberCredential> loaded)
    {
        _snapshots = snapshots;
        _sequence = sequence;
        Incarnation = incarnation;
        Loaded = loaded;
    }

    /// <summary>The members kept by the process before; to be verified again.</summary>
    public IReadOnlyList<MemberCredential> Loaded { get; }

    /// <summary>This process's incarnation: later than the last one, and by the clock if that is right.</summary>
    public ulong Incarnation { get; }

    /// <summary>Reads what the process before kept, and makes this process's incarnation durable.</summary>
    public static async Task<MemberStore> OpenAsync(
        ISnapshotStore snapshots, DateTimeOffset now, CancellationToken ct)
    {
        Snapshot? kept = await snapshots.LoadAsync(PersistenceId, ct);
        var loaded = new List<MemberCredential>();
        ulong last = kept is null ? 0 : Decode(kept.Payload.Span, loaded);
        ulong incarnation = Math.Max(last + 1, (ulong)now.UtcTicks);
        var store = new MemberStore(snapshots, kept?.Sequence ?? 0, incarnation, loaded);
        await store.WriteAsync(loaded, ct);
        return store;
    }

    /// <summary>Keeps the members of a view; false if the world failed.</summary>
    public async Task<bool> SaveAsync(ClusterView view, CancellationToken ct)
    {
        try
        {
            await WriteAsync(
                [.. view.Members.Values.Where(m => m.Id != view.Self).Take(MembersMax).Select(m => m.Credential)], ct);
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    private static ulong Decode(ReadOnlySpan<byte> payload, List<MemberCredential> members)
    {
        var reader = new WireReader(payload);
        ulong incarnation = reader.U64();
        int count = reader.U16();
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            members.Add(new MemberCredential(
                reader.Opaque24(LinkLimits.AdmissionBytes).ToArray(),
                reader.Opaque24(LinkLimits.AnnouncementBytes).ToArray()));
        }

        if (!reader.AtEnd)
        {
            members.Clear();
        }

        return incarnation;
    }

    private async Task WriteAsync(List<MemberCredential> members, CancellationToken ct)
    {
        WireWriter writer = new WireWriter(16 * 1024).U64(Incarnation).U16((ushort)members.Count);
        foreach (MemberCredential member in members)
        {
            writer.Opaque24(member.Admission.Span).Opaque24(member.Announcement.Span);
        }

        await _snapshots.SaveAsync(
            PersistenceId,
            new Snapshot(Interlocked.Increment(ref _sequence), TypeId, Version, writer.ToArray()),
            ct);
    }
}
