using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>Which vaults the control log has, and who may write to them. Safe to call from any thread.</summary>
internal sealed class VaultDirectory(ControlCommandLog log, ILogNodes nodes) : IVaultDirectory
{
    private const int PagesMax = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async ValueTask<LogStatus> CreateAsync(Digest salt, CancellationToken cancellation)
    {
        CommandFate fate = await log.OrderAsync(VaultCommand.Create(salt), cancellation);

        // The id follows from this device: if the vault is there, this device made it, by a copy of the same command.
        return fate.Reply?.Status == VaultStatus.VaultExists ? LogStatus.Done : ControlCommandLog.StatusOf(fate);
    }

    /// <inheritdoc/>
    public async ValueTask<LogStatus> AddWriterAsync(
        Digest vault, NodeId writer, CancellationToken cancellation) =>
        ControlCommandLog.StatusOf(await log.OrderAsync(VaultCommand.AddWriter(vault, writer), cancellation));

    /// <inheritdoc/>
    public async ValueTask<LogStatus> RemoveWriterAsync(
        Digest vault, NodeId writer, CancellationToken cancellation) =>
        ControlCommandLog.StatusOf(await log.OrderAsync(VaultCommand.RemoveWriter(vault, writer), cancellation));

    /// <inheritdoc/>
    public async ValueTask<(LogStatus Status, IReadOnlyList<VaultSummary> Vaults)> ListAsync(
        CancellationToken cancellation)
    {
        HashSet<NodeId> avoid = [];
        while (await ListOfOneAsync(avoid, cancellation) is { } listed)
        {
            if (listed.Vaults is { } vaults)
            {
                return (LogStatus.Done, vaults);
            }

            avoid.Add(listed.Node);
        }

        return (LogStatus.Unreachable, []);
    }

    private static VaultSummary SummaryOf(Messaging.Links.VaultListing listing) => new(
        listing.Vault, listing.Standing.Owner, listing.Standing.Count, listing.Standing.Writers);

    /// <summary>All pages of one node; null if nobody is left to ask, without vaults if it did not show all.</summary>
    private async Task<(NodeId Node, List<VaultSummary>? Vaults)?> ListOfOneAsync(
        HashSet<NodeId> avoid, CancellationToken cancellation)
    {
        List<VaultSummary> vaults = [];
        NodeId? node = null;
        for (int page = 0; page < PagesMax; page++)
        {
            Digest after = vaults.Count > 0 ? vaults[^1].Vault : default;
            AskedNode? asked = await nodes.AskAsync(
                new ListVaults(after), other => !avoid.Contains(other), Patience, cancellation);
            if (asked is null)
            {
                return null;
            }

            bool isSame = node is null || node == asked.Node;
            node ??= asked.Node;
            if (!isSame || asked.Answer is not VaultList list || !IsAscending(list, after))
            {
                return (node.Value, null);
            }

            vaults.AddRange(list.Vaults.Select(SummaryOf));
            if (list.IsLast)
            {
                return (node.Value, vaults);
            }
        }

        return (node!.Value, null);
    }

    private static bool IsAscending(VaultList list, Digest after)
    {
        foreach (Messaging.Links.VaultListing listing in list.Vaults)
        {
            if (listing.Vault <= after)
            {
                return false;
            }

            after = listing.Vault;
        }

        return list.IsLast || list.Vaults.Count > 0;
    }
}
