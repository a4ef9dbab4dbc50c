using System.Collections.Immutable;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>All vaults. Immutable. Its root is the root of the map from vault ids to summaries.</summary>
public sealed class VaultCommandsState : IMachineState
{
    private const byte SnapshotVersion = 1;

    private readonly VaultLimits _limits;
    private readonly MerkleMap<VaultStream> _vaults;
    private readonly ImmutableSortedDictionary<NodeId, OwnerUse> _byOwner;

    /// <summary>The state without vaults.</summary>
    /// <param name="limits">How much it holds.</param>
    public VaultCommandsState(VaultLimits limits)
        : this(limits, MerkleMap<VaultStream>.Empty, ImmutableSortedDictionary<NodeId, OwnerUse>.Empty, 0)
    {
    }

    private VaultCommandsState(
        VaultLimits limits,
        MerkleMap<VaultStream> vaults,
        ImmutableSortedDictionary<NodeId, OwnerUse> byOwner,
        long keptBytes)
    {
        _limits = limits;
        _vaults = vaults;
        _byOwner = byOwner;
        KeptBytes = keptBytes;
    }

    /// <summary>Bytes of all entries that are kept, with their overhead.</summary>
    public long KeptBytes { get; }

    /// <summary>How many vaults there are.</summary>
    public int VaultCount => _vaults.Count;

    /// <summary>All vaults, ascending by id.</summary>
    public IEnumerable<VaultStream> Vaults => _vaults.Entries.Select(static entry => entry.Value);

    /// <inheritdoc/>
    public Digest Root => _vaults.Root;

    /// <summary>Finds a vault.</summary>
    /// <param name="vault">Its id.</param>
    /// <returns>The vault, or null.</returns>
    public VaultStream? Find(Digest vault) => _vaults.TryGet(vault, out VaultStream? found) ? found : null;

    /// <summary>Shows a vault's summary, or that there is no such vault.</summary>
    /// <param name="vault">Its id.</param>
    public MapProof Prove(Digest vault) => _vaults.Prove(vault);

    /// <inheritdoc/>
    public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
    {
        if (!VaultCommand.TryDecode(payload, out VaultCommand? command))
        {
            return Refuse(VaultStatus.Malformed, null);
        }

        if (command.Kind == VaultCommandKind.Create)
        {
            return Create(context.Signer, command);
        }

        if (!_vaults.TryGet(command.Vault, out VaultStream? vault))
        {
            return Refuse(VaultStatus.VaultUnknown, null);
        }

        if (command.Kind == VaultCommandKind.Append)
        {
            return Append(context, vault, command);
        }

        if (context.Signer != vault.Owner)
        {
            return Refuse(VaultStatus.NotAllowed, vault);
        }

        return command.Kind switch
        {
            VaultCommandKind.AddWriter => SetWriter(vault, command.Writer, mayWrite: true),
            VaultCommandKind.RemoveWriter => SetWriter(vault, command.Writer, mayWrite: false),
            _ => Trim(vault, command.Number),
        };
    }

    /// <inheritdoc/>
    public void WriteSnapshot(WireWriter writer)
    {
        foreach (ReadOnlyMemory<byte> part in SnapshotParts())
        {
            writer.Fixed(part.Span);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> SnapshotParts()
    {
        PartWriter parts = new();
        parts.Writer.U8(SnapshotVersion).U32((uint)_vaults.Count);
        foreach (KeyValuePair<Digest, VaultStream> entry in _vaults.Entries)
        {
            foreach (ReadOnlyMemory<byte> part in entry.Value.WriteTo(parts))
            {
                yield return part;
            }

            if (parts.TryTake(out ReadOnlyMemory<byte> whole))
            {
                yield return whole;
            }
        }

        if (parts.TryTake(out ReadOnlyMemory<byte> last, isEnd: true))
        {
            yield return last;
        }
    }

    /// <summary>Reads a snapshot; the reader fails if there is none.</summary>
    internal static VaultCommandsState? Read(ref WireReader reader, VaultLimits limits)
    {
        bool known = reader.U8() == SnapshotVersion;
        uint count = reader.U32();
        if (!known || count > (uint)limits.VaultsMax)
        {
            return null;
        }

        VaultCommandsState state = new(limits);
        Digest previous = default;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            VaultStream vault = VaultStream.Read(ref reader);
            if (i > 0 && vault.Id <= previous)
            {
                reader.Fail();
            }

            previous = vault.Id;
            state = state.WithNew(vault);
        }

        return reader.Failed ? null : state;
    }

    private Applied Create(NodeId owner, VaultCommand command)
    {
        Digest id = VaultCommand.IdOf(owner, command.Vault);
        if (_vaults.TryGet(id, out VaultStream? existing))
        {
            return Refuse(VaultStatus.VaultExists, existing);
        }

        if (_vaults.Count >= _limits.VaultsMax
            || _byOwner.GetValueOrDefault(owner).Vaults >= _limits.VaultsPerOwnerMax)
        {
            return Refuse(VaultStatus.Full, null);
        }

        VaultStream vault = VaultStream.Create(id, owner);
        return Done(WithNew(vault), vault);
    }

    private Applied Append(in CommandContext context, VaultStream vault, VaultCommand command)
    {
        VaultWriter writer = vault.Writers.GetValueOrDefault(context.Signer);
        if (!writer.MayWrite)
        {
            return Refuse(VaultStatus.NotAllowed, vault);
        }

        if (command.Number != writer.Last + 1)
        {
            return new Applied(
                this, new VaultReply(VaultStatus.WrongSequence, writer.Last + 1, vault.Head).Encode());
        }

        long sizeBytes = VaultStream.SizeOf(command.Entry);
        if (vault.KeptBytes + sizeBytes > _limits.BytesPerVaultMax || KeptBytes + sizeBytes > _limits.BytesMax
            || _byOwner.GetValueOrDefault(vault.Owner).Bytes + sizeBytes > _limits.BytesPerOwnerMax)
        {
            return Refuse(VaultStatus.Full, vault);
        }

        // The content is copied: the command's bytes are a part of a whole block, which it would keep in memory.
        VaultStream appended = vault.Append(
            context.Signer, command.Number, context.Timestamp, command.Entry.ToArray());
        return Replace(vault, appended);
    }

    private Applied SetWriter(VaultStream vault, NodeId node, bool mayWrite)
    {
        bool isKnown = vault.Writers.TryGetValue(node, out VaultWriter writer);
        if (node == vault.Owner || (!isKnown && !mayWrite))
        {
            return Refuse(VaultStatus.NotAllowed, vault);
        }

        if (!isKnown && vault.Writers.Count >= _limits.WritersMax)
        {
            return Refuse(VaultStatus.Full, vault);
        }

        return Replace(vault, vault.With(node, writer with { MayWrite = mayWrite }));
    }

    private Applied Trim(VaultStream vault, ulong first) => first < vault.First || first > vault.Count
        ? Refuse(VaultStatus.OutOfRange, vault)
        : Replace(vault, vault.TrimTo(first));

    private Applied Replace(VaultStream before, VaultStream after) => Done(
        new VaultCommandsState(
            _limits,
            _vaults.Set(after.Id, after),
            Counted(after.Owner, vaults: 0, after.KeptBytes - before.KeptBytes),
            KeptBytes + after.KeptBytes - before.KeptBytes),
        after);

    private VaultCommandsState WithNew(VaultStream vault) => new(
        _limits,
        _vaults.Set(vault.Id, vault),
        Counted(vault.Owner, vaults: 1, vault.KeptBytes),
        KeptBytes + vault.KeptBytes);

    private ImmutableSortedDictionary<NodeId, OwnerUse> Counted(NodeId owner, int vaults, long bytes)
    {
        OwnerUse before = _byOwner.GetValueOrDefault(owner);
        return vaults == 0 && bytes == 0
            ? _byOwner : _byOwner.SetItem(owner, new OwnerUse(before.Vaults + vaults, before.Bytes + bytes));
    }

    private static Applied Done(VaultCommandsState state, VaultStream vault) =>
        new(state, new VaultReply(VaultStatus.Done, vault.Count, vault.Head).Encode());

    private Applied Refuse(VaultStatus status, VaultStream? vault) =>
        new(this, new VaultReply(status, vault?.Count ?? 0, vault?.Head ?? default).Encode());

    private readonly record struct OwnerUse(int Vaults, long Bytes);
}
