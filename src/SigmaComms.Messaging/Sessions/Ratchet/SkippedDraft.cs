using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>
/// What one message that has not opened yet skips: at most two runs, each with the chain keys at its start. The secrets
/// are derived from these only when the message has opened, so a forged one pays for none.
/// </summary>
internal sealed class SkippedDraft : IDisposable
{
    private const int RunsMax = 2;
    private const int KeySize = RatchetKdf.KeySize;

    private readonly List<SkippedRun> _runs = [];
    private readonly List<SkippedPosition> _discardedBelow = [];
    private SecretBytes? _chains;

    /// <summary>The runs of skipped messages, in order.</summary>
    public IReadOnlyList<SkippedRun> Runs => _runs;

    /// <summary>For a chain, the number below which keys are not kept at all.</summary>
    public IReadOnlyList<SkippedPosition> DiscardedBelow => _discardedBelow;

    /// <summary>Adds a run of one chain, whose keys stand where the run begins.</summary>
    public void Add(uint serial, uint firstN, uint discarded, uint count, RatchetSecrets secrets)
    {
        var first = new SkippedPosition(serial, firstN + discarded);
        if (discarded > 0)
        {
            _discardedBelow.Add(first);
        }

        if (count > 0)
        {
            _chains ??= new SecretBytes(RunsMax * 2 * KeySize);
            secrets.EcReceive.CopyTo(EcChain(_runs.Count));
            secrets.PqReceive.CopyTo(PqChain(_runs.Count));
            _runs.Add(new SkippedRun(first, count));
        }
    }

    /// <summary>Derives the secret of the next message of a run.</summary>
    public void Derive(int run, Span<byte> secret) => RatchetKdf.MessageSecret(EcChain(run), PqChain(run), secret);

    /// <inheritdoc/>
    public void Dispose() => _chains?.Dispose();

    private Span<byte> EcChain(int run) => _chains!.Span.Slice(2 * run * KeySize, KeySize);

    private Span<byte> PqChain(int run) => _chains!.Span.Slice(((2 * run) + 1) * KeySize, KeySize);
}
