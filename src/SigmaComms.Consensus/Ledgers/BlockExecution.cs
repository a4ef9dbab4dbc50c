using System.Buffers.Binary;
using System.Collections.Immutable;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>
/// Executes the commands of one block, one after the other; lives no longer than that. The sessions it touches are put
/// back into the table at the end, the known ones before the new ones, each kind in the order of its first command; so
/// none is forgotten while the block runs.
/// </summary>
internal sealed class BlockExecution
{
    private readonly ImmutableSortedDictionary<ushort, IMachineState>.Builder _machines;
    private readonly SessionTable _sessions;
    private readonly Epoch _epoch;
    private readonly Height _height;
    private readonly long _timestamp;
    private readonly Dictionary<Digest, TouchedSession> _touchedByClient = [];
    private readonly List<TouchedSession> _touched = [];
    private readonly List<CommandResult> _results = [];
    private readonly Dictionary<NodeId, int> _opened = [];
    private readonly ushort? _validatorMachine;
    private readonly ushort? _signerMachine;

    /// <summary>Starts from the state before the block.</summary>
    public BlockExecution(
        ImmutableSortedDictionary<ushort, IMachineState> machines,
        SessionTable sessions,
        Epoch epoch,
        Height height,
        long timestamp)
    {
        _machines = machines.ToBuilder();
        foreach ((ushort id, IMachineState state) in machines)
        {
            _validatorMachine = state is IValidatorState ? id : _validatorMachine;
            _signerMachine = state is ISignerState ? id : _signerMachine;
        }

        _sessions = sessions;
        _epoch = epoch;
        _height = height;
        _timestamp = timestamp;
    }

    /// <summary>What became of what ran so far.</summary>
    public IReadOnlyList<CommandResult> Results => _results;

    /// <summary>The machines after what ran so far.</summary>
    public ImmutableSortedDictionary<ushort, IMachineState> Machines => _machines.ToImmutable();

    private ISignerState? Signers => _signerMachine is { } id ? (ISignerState)_machines[id] : null;

    /// <summary>The sessions after what ran so far.</summary>
    public SessionTable Sessions()
    {
        IEnumerable<TouchedSession> changed = _touched.Where(touched => touched.Current is not null);
        return changed.OrderBy(touched => touched.Before is null).Aggregate(
            _sessions,
            (table, touched) => table.With(
                touched.Key, touched.Before, touched.Current!, SessionsMaxOf(touched.Current!.Owner)));
    }

    /// <summary>Executes a group.</summary>
    public void Run(CommandGroup group)
    {
        for (int i = 0; i < group.Commands.Count; i++)
        {
            Command command = group.Commands[i];
            (CommandOutcome outcome, ReadOnlyMemory<byte> reply) = Run(group, command, group.CommandHashes[i]);
            _results.Add(new CommandResult(command.Client, command.Sequence, outcome, reply));
        }
    }

    private (CommandOutcome Outcome, ReadOnlyMemory<byte> Reply) Run(CommandGroup group, Command command, Digest hash)
    {
        TouchedSession touched = Touch(command.Client);
        Session? session = touched.Current ?? touched.Before;
        CommandOutcome refusal = Judge(group, command, session);
        if (refusal != CommandOutcome.Executed)
        {
            return (refusal, refusal == CommandOutcome.ClockAhead ? Clock() : default);
        }

        if (session is not null && session.IsDone(command.Sequence))
        {
            return session.Answer(command.Sequence, hash);
        }

        ReadOnlyMemory<byte> reply = Apply(group.Signer, command);
        long usedAt = Math.Max(_timestamp, group.IssuedAt);
        SessionReply executed = new(command.Sequence, hash, IsKept: true, reply);
        if (session is null)
        {
            _opened[group.Signer] = _opened.GetValueOrDefault(group.Signer) + 1;
        }

        touched.Current = session is null
            ? new Session(command.Client, group.Signer, command.Sequence, window: 1, usedAt, [executed])
            : session.After(executed, usedAt);
        return (CommandOutcome.Executed, reply);
    }

    private TouchedSession Touch(Digest client)
    {
        if (!_touchedByClient.TryGetValue(client, out TouchedSession? touched))
        {
            Digest key = SessionTable.KeyOf(client);
            touched = new TouchedSession(key, _sessions.TryGet(key, out Session? session) ? session : null);
            _touchedByClient.Add(client, touched);
            _touched.Add(touched);
        }

        return touched;
    }

    private CommandOutcome Judge(CommandGroup group, Command command, Session? session)
    {
        if (session is not null && session.Owner != group.Signer)
        {
            return CommandOutcome.NotSessionOwner;
        }

        if (!IsKnown(group.Signer))
        {
            return CommandOutcome.SignerUnknown;
        }

        if (session is null && !_sessions.MayOpen(command.Sequence, group.IssuedAt))
        {
            return CommandOutcome.SessionUnknown;
        }

        if (group.IssuedAt - SessionTable.AheadMaxTicks > _timestamp)
        {
            return CommandOutcome.ClockAhead;
        }

        if (!_machines.TryGetValue(command.Machine, out IMachineState? machine))
        {
            return CommandOutcome.MachineUnknown;
        }

        if (session is null && !_sessions.HasRoom(
            group.Signer, _opened.GetValueOrDefault(group.Signer), SessionsMaxOf(group.Signer), _timestamp))
        {
            return CommandOutcome.SessionsFull;
        }

        bool isSpent = machine.IsCharging && session?.IsDone(command.Sequence) != true
            && Signers?.HasSpent(group.Signer, IsMember(group.Signer)) == true;
        return isSpent ? CommandOutcome.ShareSpent : CommandOutcome.Executed;
    }

    private bool IsMember(NodeId signer) =>
        _validatorMachine is not { } id || ((IValidatorState)_machines[id]).IsMember(signer);

    private bool IsKnown(NodeId signer) =>
        Signers is not { } signers || IsMember(signer) || signers.IsVouchedFor(signer, IsMember);

    private int SessionsMaxOf(NodeId owner) => Signers?.SessionsMax(IsMember(owner)) ?? int.MaxValue;

    private byte[] Clock()
    {
        byte[] clock = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(clock, _timestamp);
        return clock;
    }

    private ReadOnlyMemory<byte> Apply(NodeId signer, Command command)
    {
        IMachineState before = _machines[command.Machine];
        CommandContext context = new(
            _epoch, _height, _timestamp, signer, command.Client, command.Sequence, IsMember(signer));
        Applied applied = before.Apply(context, command.Payload);
        Invariant.Holds(applied.Reply.Length <= SessionReply.SizeMax);
        if (!ReferenceEquals(before, applied.State))
        {
            _machines[command.Machine] = applied.State;
        }

        if (applied.Charge > 0 && Signers is { } signers)
        {
            _machines[_signerMachine!.Value] = signers.Charge(signer, context.IsMember, applied.Charge);
        }

        return applied.Reply;
    }

    private sealed class TouchedSession(Digest key, Session? before)
    {
        public Digest Key { get; } = key;

        public Session? Before { get; } = before;

        public Session? Current { get; set; }
    }
}
