using SigmaComms.Client.Links;
using SigmaComms.Client.Transparency;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Finds the record behind a name. Where the cluster has a control log only a record that the log proves counts; else
/// the word of the node that is asked.
/// </summary>
internal sealed class NameLookup(ClientContext client, NodeInquiry nodes)
{
    private const int ToldMax = 256;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Finds a record, and waits a while for its proof.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isPatient">Whether to ask again while there is no proof.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">There is none, or none that is proven; the message says why.</exception>
    public async Task<AccountRecord> FindAsync(string name, bool isPatient, CancellationToken ct)
    {
        if (client.Witness is not { } witness)
        {
            return await FindUnprovenAsync(name, ct);
        }

        long start = client.Time.GetTimestamp();
        while (true)
        {
            ProofFinding finding = await ProveAsync(witness, name, ct);
            if (finding.Record is { } proven)
            {
                lock (_told)
                {
                    _told.Remove(name);
                }

                return proven;
            }

            if (finding.IsProven && !await IsInDirectoryAsync(name, ct))
            {
                throw Missing(name);
            }

            if (!isPatient || client.Time.GetElapsedTime(start) >= RequestTimeout)
            {
                throw Awaited(name, finding.IsProven
                    ? "the nodes have its record, and the control log has it not yet"
                    : finding.Detail);
            }

            await Task.Delay(Pause, client.Time, ct);
        }
    }

    private static ClientException Missing(string name) => new(
        ClientFailure.UnknownRecipient,
        $"No account is named {name}. Check the name, or ask {name} to come on line once.");

    private async Task<AccountRecord> FindUnprovenAsync(string name, CancellationToken ct)
    {
        AccountFound found = await client.Board.AskAsync<AccountFound>(
            new FetchAccount(name, null), RequestTimeout, Missing(name), ct);
        return AccountRecord.TryDecode(found.Record.Span, out AccountRecord? record) && record.Name == name
            ? record
            : throw new ClientException(
                ClientFailure.NotAuthentic, $"The cluster gave a record for {name} that its owner did not sign.");
    }

    /// <summary>Of the present node; of others if it lies or has no proof.</summary>
    private async Task<ProofFinding> ProveAsync(LogWitness witness, string name, CancellationToken ct)
    {
        NodeConnection current = await client.Board.WaitAsync(RequestTimeout, ct);
        ProofFinding first = await AskAsync(current);
        if (first.IsProven)
        {
            return first;
        }

        return await nodes.ElsewhereAsync(
            current,
            async other => await AskAsync(other) is { IsProven: true } proven ? proven : null,
            ct) ?? first;

        Task<ProofFinding> AskAsync(NodeConnection node) =>
            witness.AskAsync(node.Link, node.Admission.Name, name, null, ct);
    }

    private async Task<bool> IsInDirectoryAsync(string name, CancellationToken ct)
    {
        LinkMessage answer = await client.Board.AskAsync<LinkMessage>(
            new FetchAccount(name, null), RequestTimeout, null, ct);
        return answer is not Refused refused
            || (refused.Reason == RefusalReason.NotFound ? false : throw LinkBoard.Refusal(refused));
    }

    private ClientException Awaited(string name, string why)
    {
        var awaited = new ClientException(
            ClientFailure.ProofAwaited,
            $"Waiting for the directory's proof of {name}: {why}. Nothing is sent to {name} before. Try again.");
        lock (_told)
        {
            if (_told.Count >= ToldMax)
            {
                _told.Clear();
            }

            if (!_told.Add(name))
            {
                return awaited;
            }
        }

        client.Report(new ClientEvent(
            ClientEventKind.ProofAwaited, name, $"waiting for the directory's proof: {why}"));
        return awaited;
    }
}
