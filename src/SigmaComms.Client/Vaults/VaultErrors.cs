using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>Says what failed, why, and what to do about it.</summary>
internal static class VaultErrors
{
    /// <summary>Following the log did not come to its end.</summary>
    public static VaultException Of(SyncResult sync, VaultUnlocker unlocker, string name)
    {
        if (sync.Fault != LogFault.None)
        {
            return sync.Fault == LogFault.Locked ? Locked(unlocker.Result, name) : Of(sync.Fault, name);
        }

        return sync.IsBehind
            ? new VaultException(
                VaultFailure.Changed,
                $"The owner of the vault '{name}' dropped log entries that were not read here yet. Open it again.")
            : Of(sync.Status, name);
    }

    /// <summary>The log did what no honest log does.</summary>
    public static VaultException Of(LogFault fault, string name) => new(VaultFailure.LogFault, fault switch
    {
        LogFault.RolledBack =>
            $"ROLLBACK: the validators certify an older state of the vault '{name}' than this machine has seen before. "
            + "They lie, or were reset to a backup. Nothing was changed; ask the cluster's operators.",
        LogFault.Forked =>
            $"FORK: what nodes show of the vault '{name}' does not lead to what the validators "
            + "certify, or that does not "
            + "go on from what was seen before. A node lies. Nothing was changed: try again, compare by sigma vault "
            + "verify, and tell the cluster's operators.",
        _ => $"The log of the vault '{name}' has missing, repeated or exchanged entries. A node lies; try another one.",
    });

    /// <summary>A commit that does not count.</summary>
    public static VaultException Of(CommitResult result, string name) => result.Status switch
    {
        CommitStatus.Fault => Of(result.Fault, name),
        CommitStatus.Refused => Of(result.Refusal, name),
        CommitStatus.Unknown => new VaultException(
            VaultFailure.Unknown,
            $"No node proves whether the last change of the vault '{name}' counts. Nothing was "
            + "deleted. Look before you "
            + "try again."),
        _ => new VaultException(
            VaultFailure.Busy, $"Others change the vault '{name}' at the same time. Try again."),
    };

    /// <summary>A log's refusal.</summary>
    public static VaultException Of(LogStatus status, string name) => status switch
    {
        LogStatus.VaultUnknown => new VaultException(
            VaultFailure.UnknownVault, $"The cluster knows no vault '{name}'. Is it another cluster's?"),
        LogStatus.NotAllowed => new VaultException(
            VaultFailure.NotAllowed, $"This device may not change the vault '{name}'. Ask its owner to share it."),
        LogStatus.Full => new VaultException(
            VaultFailure.Limit,
            $"The log of the vault '{name}' is full. Its owner makes room with 'sigma vault snapshot {name}'."),
        LogStatus.WrongSequence => new VaultException(
            VaultFailure.Busy, $"Other processes of this device change the vault '{name}' all the time. Try again."),
        _ => new VaultException(
            VaultFailure.Unavailable,
            $"Too few nodes answer for the log of the vault '{name}': a quorum of its validators has to run."),
    };

    /// <summary>A vault without a header.</summary>
    public static VaultException Unfinished(string name) => new(
        VaultFailure.UnknownVault,
        $"The vault '{name}' was never finished: it has no header. Whoever made it has to open it once.");

    /// <summary>A secret that opens nothing.</summary>
    public static VaultException Locked(UnlockResult result, string name) => result switch
    {
        UnlockResult.WrongSecret => new VaultException(
            VaultFailure.WrongSecret,
            $"The secret does not open the vault '{name}', and nobody can open it without one that does."),
        UnlockResult.NoSlot => new VaultException(
            VaultFailure.NoSlot,
            $"The vault '{name}' is not opened by this kind of secret: no slot of it is of that kind, or for this "
            + "device."),
        UnlockResult.Damaged => new VaultException(
            VaultFailure.Damaged, $"The secret is right, but the header of the vault '{name}' was damaged."),
        _ => new VaultException(
            VaultFailure.TurnedOut, $"The vault '{name}' has keys that this device does not have. Ask its owner."),
    };

    /// <summary>A stripe that cannot be read.</summary>
    public static VaultException Of(GatherResult result, VaultPath path) => result.Status switch
    {
        GatherStatus.NeedsFragments => new VaultException(
            VaultFailure.NeedsFragments,
            $"{path}: needs {result.Missing} more {(result.Missing == 1 ? "fragment" : "fragments")} of stripe "
            + $"{result.Stripe}. Start the storage nodes that are away; 'sigma vault verify' tells what is missing."),
        GatherStatus.Inconsistent => new VaultException(
            VaultFailure.Damaged,
            $"{path}: stripe {result.Stripe} was written wrong by whoever wrote it. Put the file again."),
        _ => new VaultException(
            VaultFailure.Damaged, $"{path}: stripe {result.Stripe} is not what the vault's keys sealed."),
    };

    /// <summary>A stripe that too few nodes took.</summary>
    public static VaultException Of(ScatterException e, VaultPath path)
    {
        IEnumerable<string> faults = e.Faults
            .GroupBy(fault => (fault.Node, fault.Status))
            .Take(8)
            .Select(group => $"{group.Key.Node.Short}: {group.Key.Status.ToString().ToLowerInvariant()}");
        return new VaultException(
            VaultFailure.Unavailable,
            $"{path}: {e.Message} Storage nodes said: {string.Join(", ", faults)}. Start more of them, or make room.",
            e);
    }
}
