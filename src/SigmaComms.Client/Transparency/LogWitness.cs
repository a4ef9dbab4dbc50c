using Microsoft.Extensions.Logging;
using SigmaComms.Client.Sessions;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Transparency;

/// <summary>
/// Asks nodes to prove what the control log has, and keeps durably how far this identity has verified it. What a node
/// shows counts only if it goes on from there; so no node, and not all of them together without the validators' keys,
/// can show this client one directory today and another one tomorrow. Safe to call from any thread.
/// </summary>
internal sealed class LogWitness : IAsyncDisposable
{
    /// <summary>The stream in the identity's journal.</summary>
    public const string PersistenceId = "log-head";

    private const int PagesMax = 256;
    private const int RacesMax = 8;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly IJournal _journal;
    private readonly ILogger _logger;
    private readonly Action<ClientEvent> _report;
    private CommitLog? _log;
    private TrustedHead _head;
    private long _proven;
    private long _refused;

    private LogWitness(LogAnchor anchor, IJournal journal, ILogger logger, Action<ClientEvent> report)
    {
        _head = TrustedHead.Genesis(anchor.Cluster, anchor.Validators);
        _journal = journal;
        _logger = logger;
        _report = report;
    }

    /// <summary>How far the log is verified.</summary>
    public TrustedHead Head => Volatile.Read(ref _head);

    /// <summary>Names and nodes that were proven since the start.</summary>
    public long Proven => Interlocked.Read(ref _proven);

    /// <summary>Answers that could not be true, since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Reads how far this identity has verified the log.</summary>
    /// <exception cref="ClientException">What is stored is of another log, or damaged.</exception>
    public static async Task<LogWitness> OpenAsync(
        LogAnchor anchor, IJournal journal, ILogger logger, Action<ClientEvent> report, CancellationToken ct)
    {
        LogWitness witness = new(anchor, journal, logger, report);
        IReadOnlyList<byte[]> commits;
        try
        {
            (witness._log, commits) = await CommitLog.OpenAsync(journal, PersistenceId, ct);
        }
        catch (JournalException failed)
        {
            throw new ClientException(
                ClientFailure.Disk, $"What this identity stored cannot be read: {failed.Message}", failed);
        }

        if (commits.Count == 0)
        {
            return witness;
        }

        if (!TrustedHead.TryDecode(commits[^1], out TrustedHead? head))
        {
            throw new ClientException(
                ClientFailure.Disk, "What this identity has verified of the control log cannot be read.");
        }

        if (head.Cluster != anchor.Cluster)
        {
            throw new ClientException(
                ClientFailure.WrongCluster,
                $"This identity has verified the control log {head.Cluster} up to block {head.Height}; the cluster "
                + $"file names the log {anchor.Cluster}. Get the right cluster file.");
        }

        witness._head = head;
        return witness;
    }

    /// <summary>Asks a node to prove a name, a node, or both, and verifies what it shows.</summary>
    /// <param name="link">To the node.</param>
    /// <param name="asked">What to call the node.</param>
    /// <param name="name">The name, or null.</param>
    /// <param name="node">The node, or null.</param>
    /// <param name="ct">Gives up.</param>
    public Task<ProofFinding> AskAsync(
        LinkConnection link, string asked, string? name, NodeId? node, CancellationToken ct) => AskAsync(
            async head => (asked, await link.RequestAsync(
                new GetLogProof(
                    head.Validators.Epoch.Value, head.Height.Value, head.Directory.HistoryCount, name, node),
                RequestTimeout,
                ct)),
            new HeadQuestion(name, node),
            ct);

    /// <summary>Asks for a proof, by whatever way, and verifies what is shown.</summary>
    /// <param name="ask">
    /// Asks somebody who is to go on from a head; gives a name for whoever was asked, and the answer.
    /// </param>
    /// <param name="question">What is asked.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ProofFinding> AskAsync(
        Func<TrustedHead, Task<(string Asked, LinkMessage Answer)>> ask, HeadQuestion question, CancellationToken ct)
    {
        for (int race = 0; race < RacesMax; race++)
        {
            TrustedHead start = Head;
            (HeadStep? step, string asked, ProofFinding? failure) = await FollowAsync(ask, start, question);
            if (failure is not null)
            {
                return failure.Verdict == ProofVerdict.Refused ? Accuse(asked, failure) : failure;
            }

            if (!TryRead(step!, question.Name, out AccountRecord? record))
            {
                return Accuse(
                    asked, ProofFinding.Refused($"the record of {question.Name} in the log is not one of that name"));
            }

            // Meanwhile another node may have shown more: then this answer goes on from too early.
            if (await KeepAsync(start, step!.Head, ct))
            {
                Interlocked.Increment(ref _proven);
                return new ProofFinding(ProofVerdict.Proven, record, step.Member?.Member, string.Empty)
                {
                    Vault = step.Vault?.Summary,
                    Members = step.Members?.Members,
                };
            }
        }

        return ProofFinding.Unavailable("the head went on too fast");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool TryRead(HeadStep step, string? name, out AccountRecord? record)
    {
        record = null;
        return step.Name is not { IsAbsent: false } shown
            || (AccountRecord.TryDecode(shown.Record.Span, out record)
                && record.Name == name
                && record.AccountId == shown.Proof.Update!.Account
                && record.Version == shown.Proof.Update.Version);
    }

    private static async Task<(HeadStep? Step, string Asked, ProofFinding? Failure)> FollowAsync(
        Func<TrustedHead, Task<(string Asked, LinkMessage Answer)>> ask, TrustedHead head, HeadQuestion question)
    {
        string asked = string.Empty;
        for (int page = 0; page < PagesMax; page++)
        {
            LinkMessage answer;
            try
            {
                (asked, answer) = await ask(head);
            }
            catch (LinkException failed)
            {
                return (null, asked, ProofFinding.Unavailable(failed.Message));
            }

            if (answer is Refused refused)
            {
                return (null, asked, ProofFinding.Unavailable(refused.Detail));
            }

            if (answer is not LogProof proof || !LogAnswer.TryDecode(proof.Content.Span, out LogAnswer? decoded))
            {
                return (null, asked, ProofFinding.Refused("its answer is no proof"));
            }

            HeadStep step = head.Take(decoded, question, MlDsa65Verifier.Instance);
            switch (step.Verdict)
            {
                case HeadVerdict.Proven:
                    return (step, asked, null);
                case HeadVerdict.Followed:
                    head = step.Head;
                    break;
                default:
                    return (null, asked, ProofFinding.Refused($"{step.Verdict}: {step.Detail}"));
            }
        }

        return (null, asked, ProofFinding.Unavailable($"the log is over {PagesMax} pages of epochs ahead"));
    }

    private ProofFinding Accuse(string asked, ProofFinding finding)
    {
        Interlocked.Increment(ref _refused);
        _logger.ProofRefused(asked, finding.Detail);
        _report(new ClientEvent(ClientEventKind.ProofRefused, asked, finding.Detail));
        return finding;
    }

    /// <summary>Durable first, then trusted.</summary>
    private async Task<bool> KeepAsync(TrustedHead start, TrustedHead next, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (!ReferenceEquals(start, _head))
            {
                return false;
            }

            if (next.Height != start.Height)
            {
                await StoreAsync(next);
                Volatile.Write(ref _head, next);
            }

            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StoreAsync(TrustedHead next)
    {
        try
        {
            _log ??= (await CommitLog.OpenAsync(_journal, PersistenceId, CancellationToken.None)).Log;
            await _log.CompactAsync(next.Encode(), CancellationToken.None);
        }
        catch (Exception failed) when (failed is CommitFailedException or JournalException)
        {
            // Opened anew for the next one; until then the older head stays, which is no less safe.
            _log = null;
            throw new ClientException(
                ClientFailure.Disk,
                $"What was verified of the control log could not be stored: {failed.Message}",
                failed);
        }
    }
}
