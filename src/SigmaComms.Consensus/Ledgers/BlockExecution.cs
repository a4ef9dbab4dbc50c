using System.Buffers.Binary;
using System.Collections.Immutable;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>Executes the commands of one block, one after the other; lives no longer than that.</summary>
internal sealed class BlockExecution
{
    private readonly Epoch _epoch;
    private readonly Height _height;
    private readonly long _timestamp;
    private readonly List<CommandResult> _results = [];

    /// <summary>Starts from the state before the block.</summary>
    public BlockExecution(
        ImmutableSortedDictionary<ushort, IMachineState> machines,
        SessionTable sessions,
        Epoch epoch,
        Height height,
        long timestamp)
    {
        Machines = machines;
        Sessions = sessions;
        _epoch = epoch;
        _height = height;
        _timestamp = timestamp;
    }

    /// <summary>The machines after what ran so far.</summary>
    public ImmutableSortedDictionary<ushort, IMachineState> Machines { get; private set; }

    /// <summary>The sessions after what ran so far.</summary>
    public SessionTable Sessions { get; private set; }

    /// <summary>What became of what ran so far.</summary>
    public IReadOnlyList<CommandResult> Results => _results;

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
        Digest key = SessionTable.KeyOf(command.Client);
        CommandOutcome refusal = Judge(group, command, key, out Session? session);
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
        Session after = session is null
            ? new Session(command.Client, group.Signer, command.Sequence, window: 1, usedAt, [executed])
            : session.After(executed, usedAt);
        Sessions = Sessions.With(key, session, after);
        return (CommandOutcome.Executed, reply);
    }

    private CommandOutcome Judge(CommandGroup group, Command command, Digest key, out Session? session)
    {
        if (Sessions.TryGet(key, out session))
        {
            if (session.Owner != group.Signer)
            {
                return CommandOutcome.NotSessionOwner;
            }
        }
        else if (!Sessions.MayOpen(command.Sequence, group.IssuedAt))
        {
            return CommandOutcome.SessionUnknown;
        }

        if (group.IssuedAt - SessionTable.AheadMaxTicks > _timestamp)
        {
            return CommandOutcome.ClockAhead;
        }

        return Machines.ContainsKey(command.Machine) ? CommandOutcome.Executed : CommandOutcome.MachineUnknown;
    }

    private byte[] Clock()
    {
        byte[] clock = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(clock, _timestamp);
        return clock;
    }

    private ReadOnlyMemory<byte> Apply(NodeId signer, Command command)
    {
        IMachineState before = Machines[command.Machine];
        CommandContext context = new(_epoch, _height, _timestamp, signer, command.Client, command.Sequence);
        Applied applied = before.Apply(context, command.Payload);
        Invariant.Holds(applied.Reply.Length <= SessionReply.SizeMax);
        if (!ReferenceEquals(before, applied.State))
        {
            Machines = Machines.SetItem(command.Machine, applied.State);
        }

        return applied.Reply;
    }
}
