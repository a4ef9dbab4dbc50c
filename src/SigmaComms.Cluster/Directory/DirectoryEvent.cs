using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Directory;

/// <summary>A journal event of the directory. Numbers are permanent.</summary>
internal sealed record DirectoryEvent(NewEvent Stored, Action<DirectoryState> Apply)
{
    private const uint VotedType = 1;
    private const uint CommittedType = 2;
    private const uint LastResortType = 3;
    private const byte Version = 1;

    /// <summary>This node accepted a record.</summary>
    public static DirectoryEvent Voted(AccountRecord record) => new(
        new NewEvent(VotedType, Version, record.Encoded), state => state.Vote(record));

    /// <summary>A majority accepted a record.</summary>
    public static DirectoryEvent Committed(AccountRecord record) => new(
        new NewEvent(CommittedType, Version, record.Encoded), state => state.Commit(record));

    /// <summary>A last-resort bundle is kept.</summary>
    public static DirectoryEvent LastResort(PrekeyBundle bundle) =>
        LastResort(bundle.DeviceId, BundleCheck.VersionOf(bundle), bundle.Encoded);

    /// <summary>A last-resort bundle is kept.</summary>
    public static DirectoryEvent LastResort(NodeId device, ulong version, ReadOnlyMemory<byte> bundle) => new(
        new NewEvent(
            LastResortType,
            Version,
            new WireWriter(64 + bundle.Length).Digest(device.Value).U64(version).Fixed(bundle.Span).WrittenMemory),
        state => state.SetLastResort(device, version, bundle));

    /// <summary>Applies what the journal gave back.</summary>
    public static void Replay(DirectoryState state, JournalEvent stored)
    {
        switch (stored.TypeId)
        {
            case VotedType:
                state.Vote(Record(stored));
                break;
            case CommittedType:
                state.Commit(Record(stored));
                break;
            default:
                Invariant.Holds(stored.TypeId == LastResortType);
                var reader = new WireReader(stored.Payload.Span);
                var device = new NodeId(reader.Digest());
                reader.U64();
                byte[] encoded = reader.Rest().ToArray();
                Invariant.Holds(!reader.Failed);
                if (PrekeyBundle.TryDecode(encoded, out PrekeyBundle? bundle) && bundle.DeviceId == device)
                {
                    state.SetLastResort(device, BundleCheck.VersionOf(bundle), encoded);
                }

                break;
        }
    }

    private static AccountRecord Record(JournalEvent stored)
    {
        Invariant.Holds(AccountRecord.TryDecode(stored.Payload.Span, out AccountRecord? record));
        return record!;
    }
}
