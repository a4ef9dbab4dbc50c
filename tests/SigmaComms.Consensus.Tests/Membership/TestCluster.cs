using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Membership;

/// <summary>The membership of a small cluster, driven command by command.</summary>
internal sealed class TestCluster
{
    private readonly MembershipMachine _machine;
    private ulong _height = 2_000;

    public TestCluster(int founders, params NodeId[] operators)
    {
        Nodes = [.. Enumerable.Range(1, 40).Select(number => new TestNode(number))];
        _machine = new MembershipMachine(
            TestNode.Cluster,
            new Epoch(1),
            [.. Nodes.Take(founders).Select(node => node.Request())],
            operators,
            FakeSignatures.Instance,
            new NamingJudge());
        State = (MembershipState)_machine.Genesis;
    }

    /// <summary>The founders first.</summary>
    public TestNode[] Nodes { get; }

    public MembershipState State { get; set; }

    public MembershipMachine Machine => _machine;

    public long Now { get; set; } = TimeSpan.TicksPerDay;

    public MembershipReply Run(TestNode signer, MembershipCommand command) => Run(signer.Id, command.Encode());

    public MembershipReply Run(NodeId signer, byte[] payload)
    {
        CommandContext context = new(
            State.Validators.Epoch, new Height(_height++), Now, signer, signer.Value, _height);
        Applied applied = State.Apply(context, payload);
        State = (MembershipState)applied.State;
        bool ok = MembershipReply.TryDecode(applied.Reply.Span, out MembershipReply reply);

        Assert.True(ok);
        return reply;
    }

    public MembershipReply Support(TestNode signer, MembershipChange change) =>
        Run(signer, new MembershipCommand.Support(change));

    /// <summary>All founders support the change until it is made.</summary>
    public void Decide(MembershipChange change)
    {
        foreach (Validator validator in State.Validators.Members)
        {
            TestNode signer = Nodes.Single(node => node.Id == validator.Node);
            if (Support(signer, change).Status == MembershipStatus.Done)
            {
                return;
            }
        }

        Assert.Fail("not decided");
    }

    public void Join(TestNode node, NodeRoles roles = NodeRoles.Validator)
    {
        Decide(new MembershipChange.Admit(node.Request(roles)));
        Assert.Equal(MembershipStatus.Done, Run(node, new MembershipCommand.Ready(new Height(_height - 1))).Status);
    }

    public void BeginEpoch() => State = (MembershipState)State.BeginEpoch();

    public byte[] Snapshot()
    {
        WireWriter writer = new();
        State.WriteSnapshot(writer);
        return writer.ToArray();
    }

    public NodeId[] Voters => [.. State.Validators.Members.Select(validator => validator.Node)];

    public NodeId[]? NextVoters => State.NextValidators?.Members.Select(validator => validator.Node).ToArray();
}
