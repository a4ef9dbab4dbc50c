using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// The bytes of a replica for a later session of the same client: a snapshot of it, and which snapshot of the log was
/// its newest. Byte table: docs/formats/vault-folder.md.
/// </summary>
internal static class ReplicaCopy
{
    private const byte FormatVersion = 1;
    private const int NoticeSizeMax = SnapshotNotice.ReferenceSizeMax + 1_024;

    public static byte[] Encode(VaultReplica replica)
    {
        byte[] state = ReplicaSnapshot.Encode(replica);
        WireWriter writer = new(64 + state.Length);
        return writer
            .U8(FormatVersion)
            .Opaque24(replica.Snapshot is { } notice ? notice.Encode() : default)
            .Fixed(state)
            .ToArray();
    }

    public static bool TryDecode(
        ReadOnlySpan<byte> encoded,
        VaultAccess access,
        HeaderKeys headers,
        [NotNullWhen(true)] out VaultReplica? replica)
    {
        replica = null;
        SnapshotNotice? notice = null;
        var reader = new WireReader(encoded);
        bool isKnown = reader.U8() == FormatVersion;
        ReadOnlySpan<byte> noted = reader.Opaque24(NoticeSizeMax);
        bool isGood = isKnown && !reader.Failed && (noted.IsEmpty || SnapshotNotice.TryDecode(noted, out notice));
        if (!isGood || !ReplicaSnapshot.TryDecode(reader.Rest(), access.Vault, headers.Unlock, out replica))
        {
            return false;
        }

        replica.Note(notice);
        return true;
    }
}
