using SigmaComms.Cluster.Clients;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Signers;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Control.Vaults;

/// <summary>
/// Vouches in the control log for devices of registered accounts that want something ordered, once for each. A node may
/// vouch for few; when it has no room it takes back its word for one that can write to no vault. Such a one loses
/// nothing: whichever node it comes to next vouches for it again. Safe to call from any thread.
/// </summary>
internal sealed class Sponsor(NodeContext node, ControlLog log, DeviceLookup devices)
{
    private const int RunningMax = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Task<Refused?>> _running = [];
    private TimeSpan _searchAgain;

    /// <summary>Why nothing can be ordered for a device; null if the log knows it, from now on perhaps.</summary>
    /// <param name="device">The device, as its channel proved it.</param>
    public ValueTask<Refused?> ObjectionAsync(NodeId device) => log.Read().Ledger.Knows(device)
        ? ValueTask.FromResult<Refused?>(null)
        : new ValueTask<Refused?>(JoinAsync(device));

    private Task<Refused?> JoinAsync(NodeId device)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(device, out Task<Refused?>? running))
            {
                return running;
            }

            if (_running.Count >= RunningMax)
            {
                return Task.FromResult<Refused?>(new Refused(
                    RefusalReason.Overloaded, "this node is vouching for too many devices at once; ask another node"));
            }

            Task<Refused?> mine = VouchAsync(device);
            if (!mine.IsCompleted)
            {
                _running.Add(device, mine);
                _ = ForgetAsync(device, mine);
            }

            return mine;
        }
    }

    private async Task ForgetAsync(NodeId device, Task vouching)
    {
        await Task.WhenAny(vouching);
        lock (_gate)
        {
            _running.Remove(device);
        }
    }

    private async Task<Refused?> VouchAsync(NodeId device)
    {
        if (await devices.ObjectionAsync(device) is { } unknown)
        {
            return unknown.Reason == RefusalReason.UnknownDevice
                ? new Refused(
                    RefusalReason.UnknownDevice,
                    $"no account has the device {device.Short}; publish the account's keys first, then try again")
                : unknown;
        }

        (SignerStatus status, Refused? failure) = await OrderAsync(SignersState.EncodeVouch(device));
        if (status == SignerStatus.Full && FindIdle(device) is { } idle)
        {
            (status, failure) = await OrderAsync(SignersState.EncodeDismiss(idle));
            if (status == SignerStatus.Done)
            {
                (status, failure) = await OrderAsync(SignersState.EncodeVouch(device));
            }
        }

        return failure ?? status switch
        {
            SignerStatus.Done => null,
            SignerStatus.Full => new Refused(
                RefusalReason.Overloaded,
                "this node vouches for as many devices with vaults as it may; ask another node"),
            _ => new Refused(
                RefusalReason.Unavailable, "this node may not vouch for devices at the moment; ask another node"),
        };
    }

    private async Task<(SignerStatus Status, Refused? Failure)> OrderAsync(byte[] payload)
    {
        CommandAnswer answer = await log.SubmitAsync(MachineIds.Signers, payload, Patience, CancellationToken.None);
        if (answer.Verdict != ControlVerdict.Final)
        {
            return (SignerStatus.None, new Refused(
                RefusalReason.Unavailable, $"the control log did not take the word for the device: {answer.Detail}"));
        }

        return answer.IsExecuted && answer.Reply.Length == 1
            ? ((SignerStatus)answer.Reply.Span[0], null)
            : (SignerStatus.None, null);
    }

    /// <summary>A device that this node vouches for and that has no vault to write to; null if none.</summary>
    private NodeId? FindIdle(NodeId wanted)
    {
        lock (_gate)
        {
            if (node.Now < _searchAgain)
            {
                return null;
            }

            _searchAgain = node.Now + BetweenSearches;
        }

        Ledger ledger = log.Read().Ledger;
        if (ledger.StateOf(MachineIds.Signers) is not SignersState signers
            || ledger.StateOf(MachineIds.VaultCommands) is not VaultCommandsState vaults)
        {
            return null;
        }

        HashSet<NodeId> writers =
        [
            .. vaults.Vaults.SelectMany(static vault => vault.Writers.Where(static writer => writer.Value.MayWrite))
                .Select(static writer => writer.Key),
        ];
        foreach (SignerAccount account in signers.Accounts)
        {
            bool isGuest = account.Sponsors.Contains(node.Self) && account.Signer != wanted;
            if (isGuest && !writers.Contains(account.Signer))
            {
                return account.Signer;
            }
        }

        return null;
    }
}
