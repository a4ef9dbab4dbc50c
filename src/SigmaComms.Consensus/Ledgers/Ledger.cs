using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>
/// All state that the log drives, at one height: who votes, the clients' sessions, the state machines. Immutable, so
/// that blocks which are not final can be executed on top of each other and dropped. Same blocks, same root, on every
/// machine. Byte tables: docs/formats/ledger.md.
/// </summary>
public sealed class Ledger
{
    /// <summary>The most sessions that are kept: 65,536.</summary>
    public const int SessionsMax = 65_536;

    private const byte SnapshotVersion = 1;

    private readonly ImmutableSortedDictionary<ushort, IMachineState> _machines;
    private readonly SessionTable _sessions;
    // Only where no machine says who votes.
    private readonly ValidatorSet? _fixedValidators;
    private readonly ushort? _validatorMachine;
    private readonly ushort? _signerMachine;
    private StateOpening? _opening;

    private Ledger(
        Digest cluster,
        ImmutableSortedDictionary<ushort, IMachineState> machines,
        SessionTable sessions,
        ValidatorSet? fixedValidators)
    {
        Cluster = cluster;
        _machines = machines;
        _sessions = sessions;
        _fixedValidators = fixedValidators;
        foreach ((ushort id, IMachineState state) in machines)
        {
            _validatorMachine = state is IValidatorState ? id : _validatorMachine;
            _signerMachine = state is ISignerState ? id : _signerMachine;
        }
    }

    /// <summary>The cluster.</summary>
    public Digest Cluster { get; }

    /// <summary>Who votes in this epoch.</summary>
    public ValidatorSet Validators => ValidatorState?.Validators ?? _fixedValidators!;

    /// <summary>Who votes in the next epoch; not null while a change waits for an EpochEnd block.</summary>
    public ValidatorSet? NextValidators => ValidatorState?.NextValidators;

    /// <summary>Binds everything; computed when first asked for, from what changed.</summary>
    public Digest Root => Open().Root;

    /// <summary>How many sessions are known.</summary>
    public int SessionCount => _sessions.Count;

    private IValidatorState? ValidatorState =>
        _validatorMachine is { } id ? (IValidatorState)_machines[id] : null;

    /// <summary>The state before the first block.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="machines">The state machines, at most 64, each number once.</param>
    /// <param name="validators">Who votes first; what the machine that says who votes must say too.</param>
    /// <exception cref="ArgumentException">The machines contradict each other or the validators.</exception>
    public static Ledger Genesis(Digest cluster, IReadOnlyList<IMachine> machines, ValidatorSet validators) =>
        GenesisBounded(cluster, machines, validators, SessionsMax);

    /// <summary>The state before the first block, with another bound of sessions for tests.</summary>
    internal static Ledger GenesisBounded(
        Digest cluster, IReadOnlyList<IMachine> machines, ValidatorSet validators, int sessionsMax)
    {
        RequireMachines(machines);
        Ledger ledger = new(
            cluster,
            machines.ToImmutableSortedDictionary(machine => machine.Id, machine => machine.Genesis),
            SessionTable.Empty(sessionsMax),
            SaysWhoVotes(machines) ? null : validators);
        return ValidatorSetEncoding.DigestOf(ledger.Validators) == ValidatorSetEncoding.DigestOf(validators)
            ? ledger
            : throw new ArgumentException("The machine that says who votes says otherwise.", nameof(validators));
    }

    /// <summary>The state of a machine.</summary>
    /// <param name="machine">Its number.</param>
    /// <returns>The state, or null if there is no such machine.</returns>
    public IMachineState? StateOf(ushort machine) => _machines.GetValueOrDefault(machine);

    /// <summary>
    /// Whether the command's number is used up, so that a leader need not carry it. False for one that will be refused
    /// for another reason: drop a group from the pool when a block with it is final, whatever the results.
    /// </summary>
    /// <param name="command">The command.</param>
    public bool IsExecuted(Command command) =>
        _sessions.TryGet(SessionTable.KeyOf(command.Client), out Session? session) && session.IsDone(command.Sequence);

    /// <summary>
    /// Whether commands of a signer are executed at all: it is a member, or a member vouches for its key.
    /// </summary>
    /// <param name="signer">The hash of its key.</param>
    public bool Knows(NodeId signer) =>
        _signerMachine is not { } id || IsMember(signer)
        || ((ISignerState)_machines[id]).IsVouchedFor(signer, IsMember);

    /// <summary>
    /// Executes a block's commands. Never throws for anything in them: what is refused gets a result.
    /// </summary>
    /// <param name="epoch">The block's epoch.</param>
    /// <param name="height">The block's height.</param>
    /// <param name="timestamp">The block's time in UTC ticks.</param>
    /// <param name="groups">The groups of its body; their signatures have been verified.</param>
    public Execution Execute(Epoch epoch, Height height, long timestamp, IReadOnlyList<CommandGroup> groups)
    {
        if (groups.Count == 0)
        {
            return new Execution(this, []);
        }

        BlockExecution block = new(_machines, _sessions, epoch, height, timestamp);
        foreach (CommandGroup group in groups)
        {
            block.Run(group);
        }

        return new Execution(new Ledger(Cluster, block.Machines, block.Sessions(), _fixedValidators), block.Results);
    }

    /// <summary>The state at the start of the next epoch: after an EpochEnd block is final.</summary>
    /// <exception cref="InvalidOperationException">No next validators wait.</exception>
    public Ledger BeginEpoch()
    {
        IValidatorState? state = ValidatorState;
        Invariant.Holds(state?.NextValidators is not null);
        IValidatorState begun = state.BeginEpoch();
        Invariant.Holds(begun.Validators.Epoch == state.Validators.Epoch.Next);
        return new Ledger(Cluster, _machines.SetItem(_validatorMachine!.Value, begun), _sessions, _fixedValidators);
    }

    /// <summary>The parts of the root, to prove things of one of them.</summary>
    public StateOpening Open() => _opening ??= new StateOpening(
        Cluster,
        ValidatorSetEncoding.DigestOf(Validators),
        NextValidators is { } next ? ValidatorSetEncoding.DigestOf(next) : null,
        _sessions.Root,
        _sessions.ForgottenUntil,
        _machines.Select(machine => KeyValuePair.Create(machine.Key, machine.Value.Root)));

    /// <summary>Shows what the log remembers of a session: what each of its last 16 commands was answered.</summary>
    /// <param name="client">The session.</param>
    /// <param name="header">The block after the one that this ledger comes from; it has this ledger's root.</param>
    /// <param name="link">Leads from it to a later block, or null.</param>
    /// <param name="finality">Shows that the later block, or the block itself, is final.</param>
    /// <returns>The proof, or null if the session is not known.</returns>
    /// <exception cref="ArgumentException">The block has another state root.</exception>
    public SessionReplyProof? ProveReplies(
        Digest client, BlockHeader header, HistoryLink? link, FinalityProof finality)
    {
        if (header.StateRoot != Root)
        {
            throw new ArgumentException("The block does not follow the one of this ledger.", nameof(header));
        }

        Digest key = SessionTable.KeyOf(client);
        if (!_sessions.TryGet(key, out Session? session))
        {
            return null;
        }

        WireWriter writer = new();
        session.WriteTo(writer);
        return new SessionReplyProof(header, link, finality, Open(), _sessions.Prove(key), writer.ToArray());
    }

    /// <summary>Writes all that <see cref="TryRestore"/> needs; equal states write equal bytes.</summary>
    /// <param name="writer">Receives the snapshot.</param>
    public void WriteSnapshot(WireWriter writer)
    {
        foreach (ReadOnlyMemory<byte> part in SnapshotParts())
        {
            writer.Fixed(part.Span);
        }
    }

    /// <summary>
    /// The bytes that <see cref="WriteSnapshot"/> writes, in parts that are made one after the other;
    /// <see cref="SnapshotChunks"/> makes chunks of them. The ledger is immutable: it may be written while later blocks
    /// are executed.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> SnapshotParts()
    {
        WireWriter head = new WireWriter().U8(SnapshotVersion).Digest(Cluster);
        if (_fixedValidators is { } validators)
        {
            ValidatorSetEncoding.Write(head, validators);
        }

        yield return head.WrittenMemory;
        foreach (ReadOnlyMemory<byte> part in _sessions.Parts())
        {
            yield return part;
        }

        yield return new[] { (byte)_machines.Count };
        foreach ((ushort id, IMachineState state) in _machines)
        {
            // A length stands before the parts: they are made once to be counted, and once more to be written.
            long sizeBytes = state.SnapshotParts().Sum(part => (long)part.Length);
            yield return new WireWriter(6).U16(id).U32(checked((uint)sizeBytes)).WrittenMemory;
            foreach (ReadOnlyMemory<byte> part in state.SnapshotParts())
            {
                yield return part;
            }
        }
    }

    /// <summary>Restores a snapshot.</summary>
    /// <param name="machines">The same state machines as at genesis.</param>
    /// <param name="snapshot">Untrusted bytes.</param>
    /// <param name="expectedRoot">The trusted root, from a header that is final.</param>
    /// <param name="ledger">The state, or null.</param>
    /// <returns>False unless the bytes are a snapshot of exactly these machines with this root.</returns>
    public static bool TryRestore(
        IReadOnlyList<IMachine> machines,
        ReadOnlyMemory<byte> snapshot,
        Digest expectedRoot,
        [NotNullWhen(true)] out Ledger? ledger) =>
        TryRestoreBounded(machines, snapshot, expectedRoot, SessionsMax, out ledger);

    /// <summary>Restores a snapshot, with another bound of sessions for tests.</summary>
    internal static bool TryRestoreBounded(
        IReadOnlyList<IMachine> machines,
        ReadOnlyMemory<byte> snapshot,
        Digest expectedRoot,
        int sessionsMax,
        [NotNullWhen(true)] out Ledger? ledger)
    {
        RequireMachines(machines);
        ledger = null;
        var reader = new WireReader(snapshot.Span);
        bool known = reader.U8() == SnapshotVersion;
        Digest cluster = reader.Digest();
        ValidatorSet? validators = null;
        if (!known || (!SaysWhoVotes(machines) && !ValidatorSetEncoding.TryRead(ref reader, out validators)))
        {
            return false;
        }

        SessionTable sessions = SessionTable.Read(ref reader, sessionsMax);
        int count = reader.U8();
        if (reader.Failed || count != machines.Count)
        {
            return false;
        }

        var states = ImmutableSortedDictionary.CreateBuilder<ushort, IMachineState>();
        foreach (IMachine machine in machines.OrderBy(machine => machine.Id))
        {
            ushort id = reader.U16();
            int size = reader.Opaque32(int.MaxValue).Length;
            ReadOnlyMemory<byte> bytes = snapshot.Slice(snapshot.Length - reader.Remaining - size, size);
            if (reader.Failed || id != machine.Id || !machine.TryRestore(bytes, out IMachineState? state))
            {
                return false;
            }

            states.Add(id, state);
        }

        Ledger restored = new(cluster, states.ToImmutable(), sessions, validators);
        ledger = reader.AtEnd && restored.Root == expectedRoot ? restored : null;
        return ledger is not null;
    }

    private bool IsMember(NodeId signer) => ValidatorState is not { } members || members.IsMember(signer);

    private static bool SaysWhoVotes(IReadOnlyList<IMachine> machines) =>
        machines.Any(machine => machine.Genesis is IValidatorState);

    private static void RequireMachines(IReadOnlyList<IMachine> machines)
    {
        if (machines.Count > StateOpening.MachinesMax
            || machines.Select(machine => machine.Id).Distinct().Count() != machines.Count
            || machines.Count(machine => machine.Genesis is IValidatorState) > 1)
        {
            throw new ArgumentException(
                "At most 64 machines, each number once, and one that says who votes.", nameof(machines));
        }
    }
}
