using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Cluster.Control.Sessions;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control;

/// <summary>The control log as everybody on a node sees it. Safe to call from any thread.</summary>
public sealed class ControlLog
{
    private const ushort NoMachine = ushort.MaxValue;
    private const ulong BlocksSearchedMax = 1_024;

    private readonly ControlDesk _desk;
    private readonly IActorRef _control;

    internal ControlLog(ControlDesk desk, IActorRef control) => (_desk, _control) = (desk, control);

    /// <summary>How the log began.</summary>
    public ControlGenesis Genesis => _desk.Genesis;

    /// <summary>What the parts of the log on this node share.</summary>
    internal ControlDesk Desk => _desk;

    /// <summary>How this node's replica stands.</summary>
    public ControlStatus Status() => _desk.Board.Status;

    /// <summary>The state after the last final block that is here; it says how far behind that may be.</summary>
    public ControlReading Read() => _desk.Board.Reading;

    /// <summary>
    /// Orders a command that this node numbers and signs. It is executed at most once, and exactly once if the answer
    /// is final. A client that wants to ask again elsewhere signs itself, see <see cref="SubmitGroupAsync"/>.
    /// </summary>
    /// <param name="machine">The number of the state machine.</param>
    /// <param name="payload">1 to 65,536 bytes.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait, not the command.</param>
    public async Task<CommandAnswer> SubmitAsync(
        ushort machine, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            return await _control.Ask<CommandAnswer>(new SubmitCommand(machine, payload), timeout, ct);
        }
        catch (AskTimeoutException)
        {
            return CommandAnswer.Refused(ControlVerdict.TimedOut, TooLate(timeout));
        }
        catch (AskTargetTerminatedException)
        {
            return CommandAnswer.Refused(ControlVerdict.Unavailable, "this node is stopping");
        }
    }

    /// <summary>
    /// Orders a group that a client signed. Exactly once, through however many nodes it is handed in: a repeat gets the
    /// first answer.
    /// </summary>
    /// <param name="encoded">The encoded group; untrusted.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait, not the commands.</param>
    /// <returns>An answer for each command, or one if they were refused together.</returns>
    public async Task<IReadOnlyList<CommandAnswer>> SubmitGroupAsync(
        ReadOnlyMemory<byte> encoded, TimeSpan timeout, CancellationToken ct)
    {
        // The group keeps its bytes; they must not change any more.
        if (!CommandGroup.TryDecode(encoded.ToArray(), out CommandGroup? group))
        {
            return [CommandAnswer.Refused(ControlVerdict.Malformed, "the bytes are no group of commands")];
        }

        if (!_desk.Verifier.IsSigned(group))
        {
            return [CommandAnswer.Refused(
                ControlVerdict.BadSignature, "the group is not signed by its signer for this cluster")];
        }

        if (await IsStrangerAsync(group.Signer, timeout / 2))
        {
            return [CommandAnswer.Refused(
                ControlVerdict.Stranger, "the signer is no member of the cluster, and no member vouches for its key")];
        }

        return AnswersOf(await AskAsync(group, timeout, ct));
    }

    /// <summary>
    /// The state with every write in it that was final anywhere before the call. A quorum of validators is asked; if
    /// that does not do, a command that changes nothing is ordered.
    /// </summary>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The state; null if neither worked in time.</returns>
    public async Task<ControlReading?> ReadLinearizableAsync(TimeSpan timeout, CancellationToken ct)
    {
        TimeSpan half = timeout / 2;
        try
        {
            ReadAnswer answer = await _control.Ask<ReadAnswer>(new ReadNow(half), timeout, ct);
            if (answer.Reading is { } reading)
            {
                return reading;
            }
        }
        catch (Exception error) when (error is AskTimeoutException or AskTargetTerminatedException)
        {
            return null;
        }

        // There is no machine of this number: the log orders the command and does nothing.
        CommandAnswer ordered = await SubmitAsync(NoMachine, new byte[1], half, ct);
        return ordered.Verdict == ControlVerdict.Final ? Read() : null;
    }

    /// <summary>All blocks that become final from now on, in order. For one reader; ends with the token.</summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InvalidOperationException">
    /// The reader is over 4,096 blocks behind: begin anew from <see cref="Read"/>.
    /// </exception>
    public IAsyncEnumerable<BlockFinal> WatchAsync(CancellationToken ct) => _desk.Watchers.WatchAsync(ct);

    /// <summary>
    /// Shows that a command is in the log, to somebody who trusts the validators' keys and nobody else.
    /// </summary>
    /// <param name="client">The command's session.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="height">
    /// The height of the answer to it; if it was answered as a repeat, it is looked for in the 1,024 blocks before too.
    /// </param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The command and its proof; null if the block, or its proof, is not kept here.</returns>
    public async Task<ProvenCommand?> ProveAsync(
        Digest client, ulong sequence, Height height, TimeSpan timeout, CancellationToken ct)
    {
        ulong lowest = height.Value - Math.Min(height.Value, BlocksSearchedMax);
        for (ulong at = height.Value; at >= Math.Max(lowest, 1); at--)
        {
            if (await ProveBlockAsync(new Height(at), timeout, ct) is not { Block: { } block } proved)
            {
                return null;
            }

            if (ProvenCommand.Find(block, proved.Proof, client, sequence) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// The same as <see cref="ProveAsync"/> with all that somebody needs who has the genesis and asks nobody.
    /// </summary>
    /// <param name="client">The command's session.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="height">As there.</param>
    /// <param name="timeout">How long each question may take.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null if the block, its proof, or a hand-over to its epoch is not kept here.</returns>
    public async Task<CommandProof?> ProveFromGenesisAsync(
        Digest client, ulong sequence, Height height, TimeSpan timeout, CancellationToken ct)
    {
        if (await ProveAsync(client, sequence, height, timeout, ct) is not { } proven)
        {
            return null;
        }

        Epoch last = proven.Proof.Finality.Certificate.Epoch;
        List<EpochHandover> handovers = [];
        for (Epoch next = ControlGenesis.FirstEpoch; next < last; next = handovers[^1].Header.Epoch.Next)
        {
            // As many come as one answer holds.
            IReadOnlyList<EpochHandover> more = await ReadHandoversAsync(next, last, timeout, ct);
            if (more.Count == 0 || handovers.Count + more.Count > CommandProof.HandoversMax)
            {
                return null;
            }

            handovers.AddRange(more);
        }

        return new CommandProof(Genesis.Cluster, proven.Command, handovers, proven.Proof);
    }

    /// <summary>A final block and what shows that it is final.</summary>
    /// <param name="height">Its height, at least 1.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null if it is not kept here.</returns>
    public async Task<ProvenBlock?> FindBlockAsync(Height height, TimeSpan timeout, CancellationToken ct) =>
        await ProveBlockAsync(height, timeout, ct) is { Block: { } block, Proof: { } proof }
            ? new ProvenBlock(block, proof)
            : null;

    /// <summary>Orders a command that changes nothing: the next header shows the state that it follows.</summary>
    internal Task<CommandAnswer> NudgeAsync(TimeSpan timeout, CancellationToken ct) =>
        SubmitAsync(NoMachine, new byte[1], timeout, ct);

    /// <summary>The hand-overs from an epoch on, as many as fit an answer; none if they are not kept here.</summary>
    internal async Task<IReadOnlyList<EpochHandover>> ReadHandoversAsync(
        Epoch from, Epoch to, TimeSpan timeout, CancellationToken ct)
    {
        HandoversRead? read = await AskAsync<HandoversRead>(new ReadHandovers(from, to), timeout, ct);
        return read?.Handovers ?? [];
    }

    // Somebody vouched a moment ago perhaps, and this node has not heard of it yet: it asks before it refuses.
    private async Task<bool> IsStrangerAsync(NodeId signer, TimeSpan patience)
    {
        if (Read().Ledger.Knows(signer))
        {
            return false;
        }

        ReadAnswer? answer = await AskAsync<ReadAnswer>(new ReadNow(patience), patience, CancellationToken.None);
        return !(answer?.Reading ?? Read()).Ledger.Knows(signer);
    }

    private Task<BlockProved?> ProveBlockAsync(Height height, TimeSpan timeout, CancellationToken ct) =>
        AskAsync<BlockProved>(new ProveBlock(height), timeout, ct);

    private async Task<T?> AskAsync<T>(object question, TimeSpan timeout, CancellationToken ct)
        where T : class
    {
        try
        {
            return await _control.Ask<T>(question, timeout, ct);
        }
        catch (Exception error) when (error is AskTimeoutException or AskTargetTerminatedException)
        {
            return null;
        }
    }

    private async Task<GroupAnswer> AskAsync(CommandGroup group, TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            return await _control.Ask<GroupAnswer>(new SubmitGroup(group), timeout, ct);
        }
        catch (AskTimeoutException)
        {
            return GroupAnswer.Refused(ControlVerdict.TimedOut, TooLate(timeout));
        }
        catch (AskTargetTerminatedException)
        {
            return GroupAnswer.Refused(ControlVerdict.Unavailable, "this node is stopping");
        }
    }

    private static List<CommandAnswer> AnswersOf(GroupAnswer answer)
    {
        if (answer.Verdict != ControlVerdict.Final)
        {
            return [CommandAnswer.Refused(answer.Verdict, answer.Detail)];
        }

        List<CommandAnswer> answers = [];
        foreach (CommandResult result in answer.Results)
        {
            answers.Add(new CommandAnswer(
                ControlVerdict.Final, result.Outcome, result.Reply, answer.Height, result.Client, result.Sequence,
                string.Empty));
        }

        return answers;
    }

    private static string TooLate(TimeSpan timeout) =>
        $"not final within {timeout.TotalMilliseconds:F0} ms; it may still be executed";
}
