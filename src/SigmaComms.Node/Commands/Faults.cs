using System.Net.Sockets;
using SigmaComms.Client;
using SigmaComms.Client.Identity;
using SigmaComms.Client.Vaults;
using SigmaComms.Cluster;
using SigmaComms.Fuse.Session;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;
using SigmaComms.Persistence;

namespace SigmaComms.Node.Commands;

/// <summary>Says in words what an exception from below means to the person at the terminal.</summary>
internal static class Faults
{
    /// <summary>What failed, why, and what to do next.</summary>
    public static CommandException Explain(Exception fault) => fault switch
    {
        CommandException known => known,
        KeyStoreException { Reason: var reason } => new CommandException(
            CodeOf(reason), "the identity cannot be used", fault.Message, NextAfter(reason), fault),
        ClusterException { Reason: var reason } => new CommandException(
            CodeOf(reason), "the node cannot run", fault.Message, NextAfter(reason), fault),
        ClientException { Reason: var reason } => new CommandException(
            CodeOf(reason), "the client cannot do it", fault.Message, NextAfter(reason), fault),
        VaultException vault => VaultFaults.Explain(vault),
        FuseMountException { Reason: var reason } => new CommandException(
            CodeOf(reason), "it cannot be mounted or unmounted", fault.Message, NextAfter(reason), fault),
        JournalException => new CommandException(
            ExitCode.Failure, "the journal cannot be used", fault.Message, "check the disk and the file", fault),
        UnauthorizedAccessException => new CommandException(
            ExitCode.NotAuthorised, "a file may not be used", fault.Message, "check its owner and permissions", fault),
        SocketException or IOException => new CommandException(
            ExitCode.Failure, "the machine refused", fault.Message, "check disk, permissions and network", fault),
        _ => new CommandException(
            ExitCode.Failure, "an unexpected fault", fault.Message,
                "run it again with --verbose and report what it says", fault),
    };

    private static ExitCode CodeOf(MountFailure reason) => reason switch
    {
        MountFailure.DirectoryMissing or MountFailure.NotMounted => ExitCode.NotFound,
        MountFailure.NotDirectory or MountFailure.NotEmpty or MountFailure.AlreadyMounted => ExitCode.Usage,
        MountFailure.NoPermission => ExitCode.NotAuthorised,
        _ => ExitCode.Failure,
    };

    private static string NextAfter(MountFailure reason) => reason switch
    {
        MountFailure.DirectoryMissing => "make it: mkdir DIR",
        MountFailure.NotDirectory or MountFailure.NotEmpty => "name an empty folder",
        MountFailure.AlreadyMounted => "sigma vault unmount DIR, or name another folder",
        MountFailure.NotMounted => "mount | grep sigma shows what is mounted",
        MountFailure.NoPermission => "name a folder of your own; --allow-other needs user_allow_other in "
            + "/etc/fuse.conf",
        MountFailure.NoMountProgram => "install it: apt install fuse3",
        MountFailure.Busy => "close what uses it (lsof DIR), or add --lazy",
        MountFailure.NoDevice or MountFailure.KernelTooOld =>
            "use sigma vault get and put where the kernel has no FUSE",
        _ => "run it again with --verbose",
    };

    private static ExitCode CodeOf(KeyStoreFailure reason) => reason switch
    {
        KeyStoreFailure.NotFound => ExitCode.NotFound,
        KeyStoreFailure.WrongPassphrase or KeyStoreFailure.Damaged => ExitCode.VerificationFailed,
        KeyStoreFailure.WorldReadable => ExitCode.NotAuthorised,
        _ => ExitCode.Failure,
    };

    private static ExitCode CodeOf(ClusterFailure reason) => reason switch
    {
        ClusterFailure.InvalidOptions or ClusterFailure.EndpointUnusable => ExitCode.Usage,
        ClusterFailure.NotAdmitted or ClusterFailure.AdmissionExpired => ExitCode.NotAuthorised,
        ClusterFailure.IdentityInUse or ClusterFailure.Refused => ExitCode.NotAuthorised,
        ClusterFailure.WrongCluster => ExitCode.VerificationFailed,
        _ => ExitCode.Failure,
    };

    private static ExitCode CodeOf(ClientFailure reason) => reason switch
    {
        ClientFailure.UnknownRecipient or ClientFailure.AttachmentMissing => ExitCode.NotFound,
        ClientFailure.InvalidName or ClientFailure.TooLarge => ExitCode.Usage,
        ClientFailure.IdentityChanged or ClientFailure.NotAuthentic or ClientFailure.WrongCluster =>
            ExitCode.VerificationFailed,
        ClientFailure.AttachmentDamaged => ExitCode.VerificationFailed,
        ClientFailure.Unavailable or ClientFailure.OutboxFull or ClientFailure.ProofAwaited => ExitCode.Unavailable,
        ClientFailure.Refused => ExitCode.NotAuthorised,
        _ => ExitCode.Failure,
    };

    private static string NextAfter(ClusterFailure reason) => reason switch
    {
        ClusterFailure.InvalidOptions or ClusterFailure.EndpointUnusable => "correct node.json",
        ClusterFailure.PortInUse => "stop the process that uses the port, or give the node another: docs/operations.md",
        ClusterFailure.DataDirectoryInUse => "stop the other process of this node",
        ClusterFailure.StorageFailed => "make room and check the permissions of the data folder",
        ClusterFailure.NotAdmitted or ClusterFailure.AdmissionExpired => "let it be admitted: sigma node admit",
        ClusterFailure.WrongCluster => "check cluster.json and the seeds in node.json",
        ClusterFailure.IdentityInUse => "stop the other process with this node's key; a key is for one machine",
        ClusterFailure.ClockTooFarOff => "set the clock",
        _ => "read the node's log",
    };

    private static string NextAfter(ClientFailure reason) => reason switch
    {
        ClientFailure.UnknownRecipient => "check the name; the recipient must have connected once",
        ClientFailure.InvalidName => "name another account; sigma message status shows the peers you know",
        ClientFailure.TooLarge => "send it with --file",
        ClientFailure.WrongCluster => "choose the right cluster file with --cluster",
        ClientFailure.IdentityChanged => "compare safety numbers, then: sigma identity verify PEER --accept",
        ClientFailure.Unavailable => "check the nodes with sigma cluster status; what is in the outbox is sent later",
        ClientFailure.ProofAwaited => "look whether the control log has a quorum: sigma control status; then again",
        ClientFailure.NotAuthentic => "check the cluster file; somebody may pose as a node",
        ClientFailure.OutboxFull => "wait until some are sent",
        ClientFailure.Replaced => "stop the other process of this identity, or use its agent",
        ClientFailure.AlreadyListening => "read them there, or stop that sigma message listen first",
        ClientFailure.Disk => "check disk and permissions",
        _ => "try again; with --verbose it says more",
    };

    private static string NextAfter(KeyStoreFailure reason) => reason switch
    {
        KeyStoreFailure.NotFound => "make it: sigma identity new NAME",
        KeyStoreFailure.WrongPassphrase => "try again with the right password",
        KeyStoreFailure.Damaged => "restore the folder from a copy",
        KeyStoreFailure.WorldReadable => "close the file to others, or make a new identity if it may have leaked",
        KeyStoreFailure.AlreadyExists => "choose another name",
        KeyStoreFailure.InUse => "use the running agent, or stop it",
        _ => "check disk and permissions",
    };
}
