namespace SigmaComms.Consensus.Machines;

/// <summary>The permanent numbers of the state machines, in commands and snapshots. Never used twice.</summary>
public static class MachineIds
{
    /// <summary>Who belongs to the cluster, and who votes.</summary>
    public const ushort Membership = 1;

    /// <summary>Which keys belong to which account.</summary>
    public const ushort KeyDirectory = 2;

    /// <summary>The ordered commands of every vault.</summary>
    public const ushort VaultCommands = 3;

    /// <summary>Whose commands are executed, and how much they may leave behind.</summary>
    public const ushort Signers = 4;
}
