using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Signers;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>A cluster of the simulation whose nodes run the control log, each on a disk of its own.</summary>
internal sealed class ControlCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private ControlCluster(SimCluster cluster, ControlGenesis genesis) => (Cluster, Genesis) = (cluster, genesis);

    /// <summary>The voting key of the hostile validator.</summary>
    public MlDsa65SigningKey? HostileKey { get; private set; }

    public SimCluster Cluster { get; }

    public ControlGenesis Genesis { get; }

    public IReadOnlyList<SimNode> Nodes => Cluster.Nodes;

    /// <summary>Validators; all up.</summary>
    public static ControlCluster Of(int validators, Action<ControlOptions>? change = null)
    {
        SimCluster cluster = new();
        Digest log = ControlGenesis.ClusterOf(cluster.Cluster);
        List<NodeRequest> founders = [];
        for (int i = 1; i <= validators; i++)
        {
            SimNode node = cluster.AddNode(i);
            node.ControlDisk = new FaultyDisk(i);
            founders.Add(RequestOf(node, log));
        }

        ControlGenesis genesis = new(log, founders, [cluster.Operator.Id]);
        foreach (SimNode node in cluster.Nodes)
        {
            node.Options.Control = OptionsFor(genesis);
            change?.Invoke(node.Options.Control);
        }

        cluster.StartAll();
        ControlCluster made = new(cluster, genesis);
        made.Until(() => made.Nodes.All(node => made.StatusOf(node).State == ControlState.Running));
        return made;
    }

    /// <summary>A node that has not started; before the log admits it, nobody takes it in.</summary>
    public SimNode NewNode()
    {
        SimNode node = Cluster.AddNode(Nodes.Count + 1);
        node.ControlDisk = new FaultyDisk(Nodes.Count);
        node.Options.Control = OptionsFor(Genesis);
        return node;
    }

    /// <summary>Three honest validators, and a fourth that says whatever the test wants; all linked.</summary>
    public static ControlCluster WithHostile(out HostileNode hostile)
    {
        SimCluster cluster = new();
        Digest log = ControlGenesis.ClusterOf(cluster.Cluster);
        List<NodeRequest> founders = [];
        for (int i = 1; i <= 3; i++)
        {
            SimNode node = cluster.AddNode(i);
            node.ControlDisk = new FaultyDisk(i);
            founders.Add(RequestOf(node, log));
        }

        SimIdentity fourth = SimCluster.IdentityOf(4);
        FaultyDisk keys = new(4);
        NodeRequest request = ControlFounder.Request(
            keys, fourth.Key, log, new NodePlace(NodeRoles.Validator, "", 100), ["n4:1"], new SeededRandom(504));
        using var ring = VotingKeyRing.Open(keys, log, fourth.Key, new SeededRandom(4));
        byte[] seed = ring.Find(request.VotingKey!.Key.Span)!.ExportSeed();
        ControlGenesis genesis = new(log, [.. founders, request], [cluster.Operator.Id]);
        cluster.Nodes.ForEach(node => node.Options.Control = OptionsFor(genesis));
        cluster.StartAll();
        hostile = new HostileNode(cluster, 4);
        hostile.JoinAndLink();
        ControlCluster made = new(cluster, genesis) { HostileKey = new MlDsa65SigningKey(seed) };
        made.Until(() => made.Nodes.All(node => made.StatusOf(node).State == ControlState.Running));
        return made;
    }

    /// <summary>A vote of a validator whose voting key the test has.</summary>
    public Vote Sign(Ballot ballot, NodeId voter, MlDsa65SigningKey key, uint incarnation = 1)
    {
        Genesis.Validators.TryIndexOf(voter, out int place);
        byte[] signature = key.Sign(
            ballot.SignedMessage(incarnation), ballot.SignatureContext(Genesis.Cluster), new SeededRandom(9));
        return new Vote(ballot, (byte)place, incarnation, signature);
    }

    public static NodeRequest RequestOf(SimNode node, Digest log, NodeRoles roles = NodeRoles.Validator) =>
        ControlFounder.Request(
            node.ControlDisk!, node.Identity.Key, log, new NodePlace(roles, "", 100),
            [$"n{node.Number}:1"], new SeededRandom(500 + node.Number));

    /// <summary>The operator changes the membership alone.</summary>
    public void Govern(ulong sequence, MembershipChange change)
    {
        byte[] payload = new MembershipCommand.Support(change).Encode();
        CommandAnswer answer = Order(Nodes[0], GroupOf(Cluster.Operator, sequence, payload).Encoded)[0];
        bool isReply = MembershipReply.TryDecode(answer.Reply.Span, out MembershipReply reply);
        Assert.True(isReply && reply.Status == MembershipStatus.Done, $"{answer.Verdict} {reply.Status}");
    }

    /// <summary>What a node's log says of a node.</summary>
    public static Member? MemberOf(SimNode asked, SimNode node) =>
        ((MembershipState)asked.Node.Control!.Read().Ledger.StateOf(MachineIds.Membership)!).Find(node.Id);

    public ControlStatus StatusOf(SimNode node) => node.Node.Control!.Status();

    /// <summary>A command that changes the state: the node says where it listens.</summary>
    public Task<CommandAnswer> Submit(SimNode node, string address) => Cluster.Start(() => SubmitAsync(node, address));

    public CommandAnswer Order(SimNode node, string address) => Cluster.Await(Submit(node, address));

    public void Until(Func<bool> condition, int seconds = 60) => Cluster.Until(condition, seconds);

    /// <summary>All nodes that live have the same last block and state.</summary>
    public bool Agree()
    {
        SimNode[] alive = [.. Nodes.Where(node => node.IsAlive)];
        ControlReading first = alive[0].Node.Control!.Read();
        return alive.All(node => node.Node.Control!.Read() is { } reading
            && reading.Digest == first.Digest && reading.Ledger.Root == first.Ledger.Root);
    }

    public void Restart(SimNode node)
    {
        node.Kill();
        Cluster.Await(node.Start(Cluster.Log));
    }

    /// <summary>A group that a client signs itself; the commands are for the membership, which refuses them.</summary>
    public CommandGroup GroupOf(SimIdentity client, ulong sequence, params byte[][] payloads)
    {
        Command[] commands =
        [
            .. payloads.Select((payload, i) => new Command(
                client.Id.Value, sequence + (ulong)i, MachineIds.Membership, payload)),
        ];
        byte[] signed = CommandGroup.EncodeSigned(Cluster.Now.UtcTicks, commands);
        return CommandGroup.Assemble(
            client.PublicKey.Span, signed,
            client.Key.Sign(signed, CommandGroup.SignatureContext(Genesis.Cluster), new SeededRandom(5)));
    }

    /// <summary>A member vouches for a client's own key, without which the log executes none of its commands.</summary>
    public void Vouch(SimNode member, SimIdentity client)
    {
        CommandAnswer answer = Cluster.Run(() => member.Node.Control!.SubmitAsync(
            MachineIds.Signers, SignersState.EncodeVouch(client.Id), Patience, CancellationToken.None));
        Assert.True(answer.IsExecuted, answer.Detail);
        Assert.Equal((byte)SignerStatus.Done, answer.Reply.Span[0]);
    }

    public IReadOnlyList<CommandAnswer> Order(SimNode node, ReadOnlyMemory<byte> group) => Cluster.Run(
        () => node.Node.Control!.SubmitGroupAsync(group, Patience, CancellationToken.None));

    public void Dispose() => Cluster.Dispose();

    private static Task<CommandAnswer> SubmitAsync(SimNode node, string address) => node.Node.Control!.SubmitAsync(
        MachineIds.Membership, new MembershipCommand.Readdress([address]).Encode(), Patience, CancellationToken.None);

    private static ControlOptions OptionsFor(ControlGenesis genesis) =>
        new() { Genesis = genesis, WalSegmentBytes = 1 << 20 };
}
