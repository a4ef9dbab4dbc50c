using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Vault.Transactions;

/// <summary>The bytes of a whole replica. Byte table: docs/formats/vault-log.md.</summary>
public static class ReplicaSnapshot
{
    private const byte FormatVersion = 1;

    private static ReadOnlySpan<byte> DigestLabel => "sigma vault 1 replica"u8;

    /// <summary>All of a replica as the log has it, its header with it and its keys not.</summary>
    /// <param name="replica">The replica.</param>
    public static byte[] Encode(VaultReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        Foresight? foresight = replica.State.Foresight;
        foresight?.Withdraw();
        try
        {
            return EncodeNow(replica);
        }
        finally
        {
            foresight?.Renew();
        }
    }

    private static byte[] EncodeNow(VaultReplica replica)
    {
        ReplicaTables tables = replica.Tables;
        WireWriter writer = new(64 * 1024);
        writer.U8(FormatVersion).Digest(replica.Vault).U64(tables.Position.Count).U16((ushort)tables.HeadCount);
        for (int back = tables.HeadCount - 1; back >= 0; back--)
        {
            writer.Digest(tables.HeadAt(tables.Position.Count - (ulong)back)!.Value);
        }

        writer.U16((ushort)tables.Sequences.Count);
        foreach ((NodeId node, ulong sequence) in tables.Sequences)
        {
            writer.Digest(node.Value).U64(sequence);
        }

        writer.U32((uint)tables.Dropped.Count);
        foreach ((ulong index, StripeId stripe) in tables.Dropped)
        {
            writer.U64(index);
            SnapshotWriter.WriteStripeId(writer, stripe);
        }

        writer.Opaque24(replica.Header is null ? default : replica.Header.Encoded.Span);
        SnapshotWriter.Write(writer, replica.State.Store);
        return writer.ToArray();
    }

    /// <summary>The digest of an encoded replica.</summary>
    /// <param name="encoded">What <see cref="Encode"/> gave.</param>
    public static Digest DigestOf(ReadOnlySpan<byte> encoded)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        using var hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(DigestLabel);
        hasher.AppendData(encoded);
        hasher.GetHashAndReset(hash);
        return new Digest(hash);
    }

    /// <summary>Reads a replica.</summary>
    /// <param name="encoded">Untrusted bytes whose digest a snapshot's notice named.</param>
    /// <param name="vault">The vault it has to be of.</param>
    /// <param name="unlock">Opens its header.</param>
    /// <param name="replica">The replica, or null; the caller disposes it.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> encoded,
        Digest vault,
        Func<VaultHeader, VaultKeyring?> unlock,
        [NotNullWhen(true)] out VaultReplica? replica)
    {
        replica = null;
        var reader = new WireReader(encoded);
        bool known = reader.U8() == FormatVersion && reader.Digest() == vault;
        ReplicaTables? tables = known ? ReadTables(ref reader) : null;
        ReadOnlySpan<byte> headerBytes = reader.Opaque24(VaultHeader.EncodedSizeMax);
        VaultHeader? header = null;
        bool headerFits = headerBytes.IsEmpty
            || VaultHeader.TryDecode(headerBytes, vault, out header) == HeaderStatus.Good;
        if (tables is null || !headerFits || reader.Failed)
        {
            return false;
        }

        if (!NamespaceSnapshot.TryDecode(reader.Rest(), out NamespaceState? state))
        {
            return false;
        }

        replica = new VaultReplica(vault, unlock, tables, state, header);
        return true;
    }

    private static ReplicaTables? ReadTables(ref WireReader reader)
    {
        ulong count = reader.U64();
        int headCount = reader.U16();
        bool fits = headCount is >= 1 and <= VaultReplica.Window + 1
            && (ulong)headCount == Math.Min(count, VaultReplica.Window) + 1;
        List<Digest> heads = [];
        for (int i = 0; i < headCount && fits && !reader.Failed; i++)
        {
            heads.Add(reader.Digest());
        }

        List<(NodeId Writer, ulong Sequence)> sequences = [];
        for (int writers = reader.U16(); sequences.Count < writers && !reader.Failed;)
        {
            (NodeId Writer, ulong Sequence) next = (new NodeId(reader.Digest()), reader.U64());
            fits &= sequences.Count == 0 || next.Writer > sequences[^1].Writer;
            fits &= next.Sequence > 0 && next.Sequence <= count;
            sequences.Add(next);
        }

        List<(ulong Index, StripeId Stripe)> dropped = [];
        for (uint i = 0, size = reader.U32(); i < size && !reader.Failed; i++)
        {
            ulong index = reader.U64();
            ReadOnlySpan<byte> id = reader.Fixed(StripeId.SizeBytes);
            fits &= !reader.Failed && index < count && index + VaultReplica.Window >= count
                && (dropped.Count == 0 || index >= dropped[^1].Index);
            if (fits)
            {
                dropped.Add((index, new StripeId(id)));
            }
        }

        fits &= dropped.Select(stripe => stripe.Stripe).Distinct().Count() == dropped.Count;
        return fits && !reader.Failed ? new ReplicaTables(count, heads, sequences, dropped) : null;
    }
}
