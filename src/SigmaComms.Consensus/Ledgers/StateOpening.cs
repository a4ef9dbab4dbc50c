using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>
/// The parts of a ledger's root: with it, what is proved of one part is proved of the root that a header carries.
/// Byte table: docs/formats/ledger-proofs.md.
/// </summary>
public sealed class StateOpening
{
    /// <summary>Most state machines: 64.</summary>
    public const int MachinesMax = 64;

    private readonly KeyValuePair<ushort, Digest>[] _machines;

    /// <summary>Takes over the parts.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="validators">The digest of the epoch's validator set.</param>
    /// <param name="nextValidators">The digest of the next one, or null.</param>
    /// <param name="sessions">The root of the sessions.</param>
    /// <param name="sessionsForgottenUntil">When the forgotten session that was used last was used.</param>
    /// <param name="machines">Number and root of every machine, ascending.</param>
    public StateOpening(
        Digest cluster,
        Digest validators,
        Digest? nextValidators,
        Digest sessions,
        long sessionsForgottenUntil,
        IEnumerable<KeyValuePair<ushort, Digest>> machines)
    {
        Cluster = cluster;
        Validators = validators;
        NextValidators = nextValidators;
        Sessions = sessions;
        SessionsForgottenUntil = sessionsForgottenUntil;
        _machines = [.. machines];
        WireWriter writer = new(256);
        writer.Opaque8(Label);
        WriteTo(writer);
        Root = Digest.Sha256(writer.Written);
    }

    /// <summary>The cluster.</summary>
    public Digest Cluster { get; }

    /// <summary>The digest of the epoch's validator set.</summary>
    public Digest Validators { get; }

    /// <summary>The digest of the next one, or null.</summary>
    public Digest? NextValidators { get; }

    /// <summary>The root of the sessions.</summary>
    public Digest Sessions { get; }

    /// <summary>When the forgotten session that was used last was used, in UTC ticks.</summary>
    public long SessionsForgottenUntil { get; }

    /// <summary>Number and root of every machine, ascending.</summary>
    public IReadOnlyList<KeyValuePair<ushort, Digest>> Machines => _machines;

    /// <summary>The state root that these parts give.</summary>
    public Digest Root { get; }

    private static ReadOnlySpan<byte> Label => "SigmaComms ledger v1"u8;

    /// <summary>Finds the root of a machine.</summary>
    /// <param name="machine">Its number.</param>
    /// <param name="root">Its root, or default.</param>
    /// <returns>False if there is none.</returns>
    public bool TryGetMachine(ushort machine, out Digest root)
    {
        foreach ((ushort id, Digest found) in _machines)
        {
            if (id == machine)
            {
                root = found;
                return true;
            }
        }

        root = default;
        return false;
    }

    /// <summary>Writes the parts.</summary>
    /// <param name="writer">Receives them.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.Digest(Cluster).Digest(Validators).Flag(NextValidators is not null);
        if (NextValidators is { } next)
        {
            writer.Digest(next);
        }

        writer.Digest(Sessions).U64((ulong)SessionsForgottenUntil).U8((byte)_machines.Length);
        foreach ((ushort id, Digest root) in _machines)
        {
            writer.U16(id).Digest(root);
        }
    }

    /// <summary>Reads the parts; the reader fails if there are none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="opening">The parts, or null.</param>
    /// <returns>False, with a failed reader, unless the numbers of the machines ascend strictly.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out StateOpening? opening)
    {
        opening = null;
        Digest cluster = reader.Digest();
        Digest validators = reader.Digest();
        Digest? next = reader.Flag() ? reader.Digest() : null;
        Digest sessions = reader.Digest();
        ulong forgotten = reader.U64();
        int count = reader.U8();
        if (count > MachinesMax || forgotten > long.MaxValue)
        {
            reader.Fail();
        }

        List<KeyValuePair<ushort, Digest>> machines = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            ushort id = reader.U16();
            if (i > 0 && id <= machines[^1].Key)
            {
                reader.Fail();
            }

            machines.Add(new(id, reader.Digest()));
        }

        if (reader.Failed)
        {
            return false;
        }

        opening = new StateOpening(cluster, validators, next, sessions, (long)forgotten, machines);
        return true;
    }
}
