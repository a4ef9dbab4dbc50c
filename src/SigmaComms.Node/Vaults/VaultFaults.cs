using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Node.Vaults;

/// <summary>Says what it means to the person at the terminal that a vault refuses.</summary>
internal static class VaultFaults
{
    /// <summary>What failed, why, and what to do next.</summary>
    public static CommandException Explain(VaultException fault) =>
        new(CodeOf(fault), WhatOf(fault.Reason), fault.Message, NextAfter(fault), fault);

    private static ExitCode CodeOf(VaultException fault) => fault.Reason switch
    {
        VaultFailure.UnknownVault or VaultFailure.UnknownSlot => ExitCode.NotFound,
        VaultFailure.NoSlot or VaultFailure.NotAllowed or VaultFailure.NotVerified or VaultFailure.TurnedOut
            or VaultFailure.NotOwner => ExitCode.NotAuthorised,
        VaultFailure.WrongSecret or VaultFailure.Damaged or VaultFailure.FolderDamaged or VaultFailure.LogFault =>
            ExitCode.VerificationFailed,
        VaultFailure.Unavailable or VaultFailure.Unknown or VaultFailure.NeedsFragments or VaultFailure.Busy
            or VaultFailure.NoCard => ExitCode.Unavailable,
        VaultFailure.BadPath or VaultFailure.BadName => ExitCode.Usage,
        VaultFailure.Namespace => fault.Errno switch
        {
            Errno.NotFound or Errno.NotDirectory => ExitCode.NotFound,
            Errno.NotPermitted => ExitCode.NotAuthorised,
            _ => ExitCode.Failure,
        },
        _ => ExitCode.Failure,
    };

    private static string WhatOf(VaultFailure reason) => reason switch
    {
        VaultFailure.UnknownVault => "no such vault",
        VaultFailure.VaultExists or VaultFailure.BadName => "the vault cannot be called that",
        VaultFailure.WrongSecret or VaultFailure.NoSlot or VaultFailure.TurnedOut => "the vault stays closed",
        VaultFailure.NotVerified or VaultFailure.NoCard => "the vault is not shared",
        VaultFailure.UnknownSlot => "no such way in",
        VaultFailure.NeedsFragments => "the file cannot be read now",
        VaultFailure.LogFault => "the vault's history is not what it was",
        VaultFailure.Damaged => "the vault is damaged there",
        VaultFailure.BadPath => "no path in a vault",
        _ => "the vault cannot do it",
    };

    private static string NextAfter(VaultException fault) => fault.Reason switch
    {
        VaultFailure.UnknownVault => "see which there are: sigma vault list",
        VaultFailure.VaultExists => "choose another name",
        VaultFailure.WrongSecret => "try again with the right one: --passphrase-file, SIGMA_VAULT_PASSPHRASE or "
            + "--recovery-file",
        VaultFailure.NoSlot => "give what opens it, with --passphrase-file or --recovery-file; or let the owner share "
            + "it: sigma vault share",
        VaultFailure.NotOwner => "do it as that device, or ask whoever has it",
        VaultFailure.UnknownSlot => "see which there are: sigma vault slots NAME",
        VaultFailure.NoCard => "then again: sigma vault share",
        VaultFailure.BadName => "for example: backup",
        VaultFailure.TurnedOut or VaultFailure.NotAllowed => "ask the vault's owner: sigma vault share NAME PEER",
        VaultFailure.NotVerified => "compare safety numbers first: sigma identity verify PEER",
        VaultFailure.Unavailable or VaultFailure.NeedsFragments =>
            "start the nodes that are away: sigma cluster status, sigma node start NAME",
        VaultFailure.Unknown => "look with sigma vault ls before you do it again",
        VaultFailure.Busy or VaultFailure.Changed => "run it again",
        VaultFailure.LogFault => "trust nothing of it, and ask the cluster's operators",
        VaultFailure.Damaged => "put the file again if you have it: sigma vault put",
        VaultFailure.BadPath => "write NAME:/path, for example backup:/docs",
        VaultFailure.FolderDamaged => "restore the identity's folder from a copy",
        VaultFailure.Disk => "check the disk and its permissions",
        VaultFailure.Namespace => NextAfter(fault.Errno),
        _ => "run it again; with --verbose it says more",
    };

    private static string NextAfter(Errno errno) => errno switch
    {
        Errno.NotFound => "see what there is: sigma vault ls NAME:/; put and mkdir make what is missing above with -p",
        Errno.NotDirectory => "see what there is: sigma vault ls NAME:/",
        Errno.Exists => "take another name, or remove it first: sigma vault rm",
        Errno.IsDirectory => "name a file in it: sigma vault ls NAME:/path",
        Errno.NotEmpty => "with -r it is removed with all that is in it",
        Errno.Invalid => "choose another place",
        Errno.NoSpace => "remove what is no longer needed: sigma vault rm",
        _ => "look again with sigma vault stat",
    };
}
