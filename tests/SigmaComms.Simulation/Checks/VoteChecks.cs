using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Checks;

/// <summary>The invariants of votes, over all that were ever signed.</summary>
internal sealed class VoteChecks(World world, Func<Epoch, ValidatorSet> setOf)
{
    private readonly Dictionary<(Epoch, View), ViewBook> _views = [];
    private readonly Dictionary<(NodeId, uint, Epoch, View), OwnBook> _own = [];
    private readonly Dictionary<(NodeId, uint, Epoch), List<Statement>> _said = [];
    private readonly Dictionary<Digest, BlockHeader> _headers = [];

    public void Proposed(BlockHeader header, Digest block) => _headers[block] = header;

    public BlockHeader? FindHeader(Digest block) => _headers.GetValueOrDefault(block);

    public void Signed(SimNode node, Vote vote)
    {
        if (!node.IsByzantine)
        {
            CheckDurable(node, vote.Ballot);
        }

        foreach (Statement statement in BallotStatements.Of(vote.Ballot))
        {
            if (!node.IsByzantine && !node.IsSpoiled)
            {
                CheckOwn(node, vote.Incarnation, statement);
            }

            Count(statement, vote.Voter);
            if (statement.Kind == VoteKind.Notarize && !node.IsByzantine && !node.IsSpoiled)
            {
                CheckParent(node, statement);
            }
        }
    }

    /// <summary>What was said is known again after every restart.</summary>
    public void Restarted(SimNode node, VoteGuard guard)
    {
        if (node.IsByzantine || node.IsSpoiled || guard.Durable is not { HasRenounced: false } memory
            || !_said.TryGetValue((node.Id, memory.Incarnation, memory.Epoch), out List<Statement>? said))
        {
            return;
        }

        foreach (Statement statement in said.TakeLast(64))
        {
            GuardVerdict verdict = memory.Judge(statement);
            Oracle.Require(
                verdict is GuardVerdict.Known or GuardVerdict.TooOld,
                "every vote that left is durable", $"node {node.Number} has forgotten {statement}: {verdict}");
        }
    }

    public bool IsNotarized(Epoch epoch, View view, Digest block) =>
        Find(epoch, view) is ViewBook book
        && ViewBook.Count(book.Notarize.GetValueOrDefault(block)) >= setOf(epoch).Quorum;

    public bool IsNullified(Epoch epoch, View view) =>
        Find(epoch, view) is ViewBook book && ViewBook.Count(book.Nullify) >= setOf(epoch).Quorum;

    public bool IsFinalized(Epoch epoch, View view, Digest block) =>
        Find(epoch, view) is ViewBook book
        && ViewBook.Count(book.Finalize.GetValueOrDefault(block)) >= setOf(epoch).Quorum;

    /// <summary>Every view between a block and its parent must have been given up by a quorum.</summary>
    public void CheckSkipped(BlockHeader header, string who)
    {
        for (ulong view = header.ParentView.Value + 1; view < header.View.Value; view++)
        {
            Oracle.Require(
                IsNullified(header.Epoch, new View(view)), "a skipped view has a nullification",
                $"{who}: view {header.View} of epoch {header.Epoch} on {header.ParentView} skips {view}");
        }
    }

    private void CheckDurable(SimNode node, Ballot ballot) => Oracle.Require(
        node.Disk.IsSynced(name => name == VoteGuard.FileName || WalFormat.TryParseName(name, out _)),
        "a vote leaves after it is durable", $"node {node.Number}: {ballot}");

    private void CheckOwn(SimNode node, uint incarnation, Statement statement)
    {
        (NodeId, uint, Epoch, View) key = (node.Id, incarnation, statement.Epoch, statement.View);
        if (!_own.TryGetValue(key, out OwnBook? own))
        {
            _own[key] = own = new OwnBook();
        }

        bool isGood = statement.Kind switch
        {
            VoteKind.Propose => (own.Proposed ??= statement.Block) == statement.Block,
            VoteKind.Notarize => (own.Notarized ??= statement.Block) == statement.Block,
            VoteKind.Finalize => (own.Finalized ??= statement.Block) == statement.Block && !own.IsNullified,
            _ => (own.IsNullified = true) && own.Finalized is null,
        };
        Oracle.Require(isGood, "an honest replica never contradicts itself", $"node {node.Number}: {statement}");
        if (!_said.TryGetValue((node.Id, incarnation, statement.Epoch), out List<Statement>? said))
        {
            _said[(node.Id, incarnation, statement.Epoch)] = said = [];
        }

        said.Add(statement);
    }

    private void Count(Statement statement, int voter)
    {
        if (!_views.TryGetValue((statement.Epoch, statement.View), out ViewBook? book))
        {
            _views[(statement.Epoch, statement.View)] = book = new ViewBook();
        }

        switch (statement.Kind)
        {
            case VoteKind.Notarize:
                ViewBook.Add(book.Notarize, statement.Block, voter);
                break;
            case VoteKind.Finalize:
                ViewBook.Add(book.Finalize, statement.Block, voter);
                break;
            case VoteKind.Nullify:
                book.Nullify |= 1UL << voter;
                break;
            default:
                return;
        }

        int quorum = setOf(statement.Epoch).Quorum;
        string where = $"view {statement.View} of epoch {statement.Epoch}";
        Oracle.Require(
            book.Notarize.Values.Count(voters => ViewBook.Count(voters) >= quorum) <= 1,
            "one block of a view is notarized", where);
        Oracle.Require(
            ViewBook.Count(book.Nullify) < quorum
                || book.Finalize.Values.All(voters => ViewBook.Count(voters) < quorum),
            "no view is both nullified and final", where);
    }

    // Rule 2, as an honest replica must have followed it: on a notarized parent, over nullified views.
    private void CheckParent(SimNode node, Statement statement)
    {
        if (FindHeader(statement.Block) is not BlockHeader header)
        {
            return;
        }

        string who = $"node {node.Number} notarizes";
        CheckSkipped(header, who);
        Oracle.Require(
            header.ParentView.Value == 0 || IsNotarized(header.Epoch, header.ParentView, header.Parent),
            "a parent is notarized", $"{who} view {header.View}");
    }

    private ViewBook? Find(Epoch epoch, View view) => _views.GetValueOrDefault((epoch, view));

    /// <summary>Somebody who lies signs too; the trace shows it.</summary>
    public void Lied(SimNode node, Vote vote)
    {
        world.Trace.Note(node.Number, "lies", (ulong)vote.Ballot.Kind, vote.Ballot.View.Value, vote.Ballot.Block);
        Signed(node, vote);
    }
}
