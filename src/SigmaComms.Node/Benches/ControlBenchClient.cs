using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using MachineIds = SigmaComms.Consensus.Machines.MachineIds;

namespace SigmaComms.Node.Benches;

/// <summary>One client with a vault of its own, to which it appends one entry after the other.</summary>
/// <param name="log">The node's control log.</param>
/// <param name="node">The node, which signs for the client and so owns its vault.</param>
/// <param name="time">The clock.</param>
internal sealed class ControlBenchClient(ControlLog log, NodeId node, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly List<double> _milliseconds = [];
    private Digest _vault;
    private ulong _sequence;

    /// <summary>How long each append took.</summary>
    public IReadOnlyList<double> Milliseconds => _milliseconds;

    /// <summary>Appends that were not final in time, or refused.</summary>
    public int Failures { get; private set; }

    /// <summary>Makes the vault; not measured.</summary>
    /// <exception cref="TimeoutException">It was not made.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        byte[] random = new byte[Digest.SizeBytes];
        SystemRandom.Instance.Fill(random);
        Digest salt = new(random);
        _vault = VaultCommand.IdOf(node, salt);
        if (!await OrderAsync(VaultCommand.Create(salt), VaultStatus.Done, stop))
        {
            throw new TimeoutException("The log did not make a client's vault.");
        }
    }

    /// <summary>Appends for some time, at least once.</summary>
    public async Task RunAsync(int sizeBytes, long start, TimeSpan length, CancellationToken stop)
    {
        byte[] entry = new byte[sizeBytes];
        do
        {
            SystemRandom.Instance.Fill(entry);
            long asked = time.GetTimestamp();
            if (await OrderAsync(VaultCommand.Append(_vault, ++_sequence, entry), VaultStatus.Done, stop))
            {
                _milliseconds.Add(time.GetElapsedTime(asked).TotalMilliseconds);
            }
            else
            {
                Failures++;
            }
        }
        while (Failures == 0 && time.GetElapsedTime(start) < length);
    }

    private async Task<bool> OrderAsync(VaultCommand command, VaultStatus wanted, CancellationToken stop)
    {
        CommandAnswer answer = await log.SubmitAsync(MachineIds.VaultCommands, command.Encode(), Timeout, stop);
        return answer.IsExecuted && VaultReply.TryDecode(answer.Reply.Span, out VaultReply reply)
            && reply.Status == wanted;
    }
}
