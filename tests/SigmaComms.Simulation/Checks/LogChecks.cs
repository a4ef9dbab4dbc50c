using System.Buffers.Binary;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Registers;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Checks;

/// <summary>The invariants of the log: one block and one state at each height, each command once.</summary>
internal sealed class LogChecks(World world, VoteChecks votes)
{
    private readonly SortedDictionary<Height, (Digest Block, Digest State)> _log = [];
    private readonly Dictionary<(Digest Client, ulong Sequence), (Height Height, CommandResult Result)> _results = [];
    private readonly SortedDictionary<byte, ulong> _registers = [];

    public Height FinalHeight => _log.Count == 0 ? new Height(0) : _log.Keys.Last();

    /// <summary>How many commands were executed.</summary>
    public int Executed => _results.Count;

    public void Committed(SimNode node, Effect.Commit commit, ValidatorSet validators)
    {
        foreach (CommittedBlock committed in commit.Blocks)
        {
            BlockHeader header = committed.Block.Header;
            (Digest Block, Digest State) found = (committed.Block.Digest, committed.Execution.Ledger.Root);
            if (_log.TryGetValue(header.Height, out (Digest Block, Digest State) known))
            {
                string where = $"node {node.Number} at height {header.Height}";
                Oracle.Require(known.Block == found.Block, "one block at each height", where);
                Oracle.Require(known.State == found.State, "one state at each height", where);
                continue;
            }

            First(node, committed);
            _log.Add(header.Height, found);
        }

        BlockHeader last = commit.Proof.Descendants.Count == 0
            ? commit.Blocks[^1].Block.Header : commit.Proof.Descendants[^1];
        Oracle.Require(
            commit.Proof.Leads(commit.Blocks[^1].Block.Header, validators)
                && votes.IsFinalized(last.Epoch, last.View, commit.Proof.Certificate.Block),
            "what is committed was finalized by a quorum", $"node {node.Number} at height {last.Height}");
    }

    public CommandResult? FindResult(Command command, Height until) =>
        _results.TryGetValue((command.Client, command.Sequence), out (Height Height, CommandResult Result) known)
        && known.Height <= until ? known.Result : null;

    private void First(SimNode node, CommittedBlock committed)
    {
        BlockHeader header = committed.Block.Header;
        string where = $"node {node.Number} at height {header.Height}";
        Oracle.Require(header.Height == FinalHeight.Next, "no height is left out", where);
        Digest parent = _log.Count == 0 ? world.Genesis.Foundation.Digest : _log[FinalHeight].Block;
        Oracle.Require(header.Parent == parent, "every block follows the one before", where);
        votes.CheckSkipped(header, where);
        Execute(header.Height, committed);
    }

    // Every command is executed once, and answered as by a machine that has nothing but the log.
    private void Execute(Height height, CommittedBlock committed)
    {
        IEnumerable<Command> commands = committed.Block.Body.Groups.SelectMany(group => group.Commands);
        foreach ((Command command, CommandResult result) in commands.Zip(committed.Execution.Results))
        {
            if (result.Outcome != CommandOutcome.Executed)
            {
                continue;
            }

            bool isFirst = _results.TryAdd((command.Client, command.Sequence), (height, result));
            Oracle.Require(isFirst, "every command is executed once", $"height {height}, number {command.Sequence}");
            if (command.Machine == RegisterMachine.Number
                && RegisterOperation.TryDecode(command.Payload.Span, out RegisterOperation operation))
            {
                (ulong after, ulong reply) = operation.Apply(_registers.GetValueOrDefault(operation.Register));
                _registers[operation.Register] = after;
                Oracle.Require(
                    BinaryPrimitives.ReadUInt64BigEndian(result.Reply.Span) == reply,
                    "replies are those of one machine", $"height {height}: {operation}");
            }
        }
    }
}
