using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Linearizability;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Registers;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Clients;

/// <summary>Asks one thing after the other, of any node, again until it is answered; remembers all of it.</summary>
internal sealed class SimClient
{
    private const ulong FirstKey = 600_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_500);

    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimKey _key;
    private readonly Digest _session;
    private readonly bool _retriesAnew;
    private readonly TimeSpan _thinkMax;
    private CommandGroup? _group;
    private RegisterOperation _operation;
    private ulong _sequence;
    private ulong _answered;
    private long _invoked;
    private int _left;

    public SimClient(World world, int number, int operations, TimeSpan thinkMax, HostFlaw flaw)
    {
        (_world, Number, _left, _thinkMax) = (world, number, operations, thinkMax);
        _random = world.Random.Fork(string.Create(CultureInfo.InvariantCulture, $"client {number}"));
        _key = world.Genesis.Scheme.Make(FirstKey + (ulong)number);
        _session = Digest.Sha256(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"session {number}")));
        _retriesAnew = flaw == HostFlaw.RetriesAnew;
    }

    public int Number { get; }

    /// <summary>What it asked and was told; what it is still waiting for too.</summary>
    public IEnumerable<Operation<RegisterOperation, ulong>> History => IsWaiting
        ? [.. Answered, new Operation<RegisterOperation, ulong>(Number, _operation, _invoked, 0, null)]
        : Answered;

    public bool IsWaiting => _group is not null;

    public bool IsDone => !IsWaiting && _left == 0;

    private List<Operation<RegisterOperation, ulong>> Answered { get; } = [];

    /// <summary>Thinks, then asks.</summary>
    public void Continue()
    {
        if (_left > 0)
        {
            _world.Schedule.After(_random.Time(TimeSpan.Zero, _thinkMax), Ask);
        }
    }

    /// <summary>Asks one thing now, though it was done.</summary>
    public void AskOnce()
    {
        if (!IsWaiting)
        {
            _left++;
            Ask();
        }
    }

    /// <summary>A node answers; the answer is on its way for a while.</summary>
    public void Answer(SimNode from, CommandResult result) => _world.Schedule.After(
        _random.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10)), () => Take(from, result));

    private void Ask()
    {
        // Who was made to ask meanwhile goes on when that is answered.
        if (IsWaiting || _left == 0)
        {
            return;
        }

        _left--;
        _sequence++;
        _operation = Draw();
        _invoked = _world.Schedule.Now.Ticks;
        _group = Sign(_world.UtcNow);
        _world.Trace.Note(-1, "asks", (ulong)Number, _sequence);
        Send();
    }

    private RegisterOperation Draw()
    {
        byte register = (byte)_random.Below(2);
        ulong value = (ulong)_random.Between(1, 6);
        return _random.Below(10) switch
        {
            < 3 => new RegisterOperation(RegisterAction.Read, register, 0),
            < 5 => new RegisterOperation(RegisterAction.Write, register, value),
            < 8 => new RegisterOperation(RegisterAction.Add, register, value),
            _ => new RegisterOperation(RegisterAction.CompareAndSet, register, value, (ulong)_random.Between(0, 6)),
        };
    }

    private CommandGroup Sign(long issuedAt)
    {
        Command command = new(_session, _sequence, RegisterMachine.Number, _operation.Encode());
        byte[] signed = CommandGroup.EncodeSigned(issuedAt, [command]);
        byte[] signature = _world.Genesis.Scheme.Sign(
            _key, signed, CommandGroup.SignatureContext(SimIdentity.Cluster));
        return CommandGroup.Assemble(_key.PublicKey, signed, signature);
    }

    private void Send()
    {
        CommandGroup group = _group!;
        SimNode to = _random.Pick(_world.Nodes);
        _world.Schedule.After(
            _random.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10)),
            () => to.Post(host => host.Submit(this, group)));
        ulong sequence = _sequence;
        _world.Schedule.After(Patience, () =>
        {
            if (IsWaiting && _sequence == sequence && ReferenceEquals(group, _group))
            {
                if (_retriesAnew)
                {
                    _sequence++;
                    _group = Sign(_world.UtcNow);
                }

                Send();
            }
        });
    }

    private void Take(SimNode from, CommandResult result)
    {
        if (!IsWaiting || result.Sequence != _sequence || _answered == _sequence)
        {
            return;
        }

        _world.Trace.Note(from.Number, "answers", (ulong)Number, (ulong)result.Outcome);
        switch (result.Outcome)
        {
            case CommandOutcome.Executed or CommandOutcome.Repeated:
                _answered = _sequence;
                _group = null;
                Answered.Add(new Operation<RegisterOperation, ulong>(
                    Number, _operation, _invoked, BinaryPrimitives.ReadUInt64BigEndian(result.Reply.Span),
                    _world.Schedule.Now.Ticks));
                Continue();
                break;
            case CommandOutcome.ClockAhead:
                // The log's clock is behind: issued at the log's own time the command is taken.
                _group = Sign(BinaryPrimitives.ReadInt64BigEndian(result.Reply.Span));
                Send();
                break;
            default:
                throw new SimulationFailure(
                    "a client was refused", $"client {Number}, number {_sequence}: {result.Outcome}");
        }
    }
}
