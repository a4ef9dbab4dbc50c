using SigmaComms.Cluster.Storage.Collection;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault;

namespace SigmaComms.Cluster.Tests.Storage.Collection;

/// <summary>The log of one vault; the node sees it only as far as it has come.</summary>
internal sealed class PretendedVaultLog : IVaultLog
{
    private readonly List<ReadOnlyMemory<byte>> _entries = [];
    private int _seen;
    private int _seenFirst;

    public static Digest Vault { get; } = Digest.Sha256("vault"u8);

    /// <summary>Whether a quorum says what is final.</summary>
    public bool HasQuorum { get; set; } = true;

    public int Count => _entries.Count;

    public int First { get; private set; }

    public IReadOnlyList<(Digest Vault, ulong Count)> Vaults => Count == 0 ? [] : [(Vault, (ulong)_seen)];

    public void Append(IReadOnlyList<StripeId> added, IReadOnlyList<StripeId> dropped) =>
        _entries.Add(Entry(added, dropped));

    /// <summary>An entry as a client makes it.</summary>
    public static byte[] Entry(IReadOnlyList<StripeId> added, IReadOnlyList<StripeId> dropped)
    {
        // docs/formats/vault-log.md; what is sealed is of no matter to nodes.
        WireWriter writer = new(256);
        writer.U8(2).U8(1).U32(1).U64(0).Digest(Vault).Fixed(new byte[16]);
        WriteIds(writer, added);
        WriteIds(writer, dropped);
        return writer.Opaque24(new byte[80]).ToArray();
    }

    /// <summary>Appends something that is no entry of stripes.</summary>
    public void AppendOther() => _entries.Add(new byte[] { 1, 2, 3 });

    public void Trim(int first) => First = Math.Max(First, first);

    /// <summary>The node sees all there is.</summary>
    public void Show() => (_seen, _seenFirst) = (Count, First);

    public VaultLogPage? Read(Digest vault, ulong from)
    {
        int first = Math.Max((int)from, _seenFirst);
        return new VaultLogPage((ulong)first, [.. _entries.Take(_seen).Skip(first).Take(3)]);
    }

    public ValueTask<bool> CatchUpAsync(CancellationToken ct)
    {
        if (HasQuorum)
        {
            Show();
        }

        return new(HasQuorum);
    }

    private static void WriteIds(WireWriter writer, IReadOnlyList<StripeId> ids)
    {
        writer.U16((ushort)ids.Count);
        byte[] bytes = new byte[StripeId.SizeBytes];
        foreach (StripeId id in ids)
        {
            id.CopyTo(bytes);
            writer.Fixed(bytes);
        }
    }
}
