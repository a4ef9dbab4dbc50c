using System.CommandLine;
using System.CommandLine.Help;

namespace SigmaComms.Node.Commands;

/// <summary>All verbs of sigma.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree anew; it keeps the state of one parse.</summary>
    public static RootCommand Build()
    {
        RootCommand root = new("Post-quantum end-to-end encrypted messages over a cluster of nodes.");
        foreach (Option builtIn in root.Options.Where(option => option is VersionOption).ToArray())
        {
            root.Options.Remove(builtIn);
        }

        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Action = new HelpWithExamples();
            }
        }

        foreach (Option option in GlobalOptions.All)
        {
            root.Add(option);
        }

        root.Add(Group(
            "cluster",
            "Makes, starts, shows and stops a whole cluster on this machine.",
            new ClusterInitCommand(),
            new ClusterUpCommand(),
            new ClusterStatusCommand(),
            new NodeAdmitCommand("admit", "sigma cluster admit incoming/node.request"),
            new ClusterDownCommand()));
        root.Add(Node());
        root.Add(Control());
        root.Add(Group(
            "identity",
            "Makes, lists and checks the accounts of this machine.",
            new IdentityNewCommand(),
            new IdentityListCommand(),
            new IdentityShowCommand(),
            new IdentityVerifyCommand(),
            new IdentityPasswordCommand()));
        root.Add(Group(
            "message",
            "Sends and receives messages and files.",
            new MessageSendCommand(),
            new MessageListenCommand(),
            new MessageStatusCommand()));
        root.Add(Vault());
        root.Add(new StatusCommand());
        root.Add(Group("observe", "Prepares what watches the nodes.", new ObserveProvisionCommand()));
        root.Add(new AgentCommand());
        root.Add(new DemoCommand());
        root.Add(Group(
            "bench",
            "Measures this machine.",
            new BenchActorsCommand(),
            new BenchControlCommand(),
            new BenchCryptoCommand(),
            new BenchTelemetryCommand()));
        root.Add(new CompletionCommand());
        root.Add(new VersionCommand());
        return root;
    }

    private static Command Node() => Group(
        "node",
        "Runs, starts, stops, admits and evicts single nodes.",
        new NodeRunCommand(),
        new NodeJoinCommand(),
        new NodeAdmitCommand(
            "admit",
            "sigma node admit n5",
            "sigma node admit incoming/node.request --out outgoing/node.admission --days 90"),
        new NodeLeaveCommand(),
        new ControlProposeEvictCommand("evict", "sigma node evict n4"),
        new NodeStartCommand(),
        new NodeStopCommand(),
        new NodeStatusCommand());

    private static Command Control() => Group(
        "control",
        "Shows and checks the control log, and proposes commands to it.",
        new ControlStatusCommand(),
        new ControlVerifyCommand(),
        new ControlMembersCommand(),
        new ControlReadCommand(),
        new ControlProposeNoopCommand(),
        new NodeAdmitCommand("propose-admit", "sigma control propose-admit incoming/node.request --node n1"),
        new ControlProposeEvictCommand("propose-evict", "sigma control propose-evict n4"),
        new ControlProposeRolesCommand());

    private static Command Vault() => Group(
        "vault",
        "Keeps files end-to-end encrypted on the cluster, spread so that nodes may be lost.",
        new VaultCreateCommand(),
        new VaultListCommand(),
        new VaultAddCommand(),
        new VaultForgetCommand(),
        new VaultPutCommand(),
        new VaultGetCommand(),
        new VaultCatCommand(),
        new VaultLsCommand(),
        new VaultStatCommand(),
        new VaultMkdirCommand(),
        new VaultMvCommand(),
        new VaultRmCommand(),
        new VaultShareCommand(),
        new VaultUnshareCommand(),
        new VaultSlotsCommand(),
        new VaultStatusCommand(),
        new VaultVerifyCommand(),
        new VaultRepairCommand(),
        new VaultSnapshotCommand(),
        new VaultGcCommand(),
        new VaultMountCommand(),
        new VaultUnmountCommand());

    private static Command Group(string name, string description, params Verb[] verbs)
    {
        Command group = new(name, description);
        foreach (Verb verb in verbs)
        {
            group.Add(verb);
        }

        return group;
    }
}
