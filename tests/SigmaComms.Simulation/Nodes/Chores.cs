using System.Globalization;
using System.Text;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Keys;

namespace SigmaComms.Simulation.Nodes;

/// <summary>
/// What a node does for its own membership: it announces a new voting key when it lost its vote, says that it is ready,
/// leaves if it wishes to, and reports offences.
/// </summary>
internal sealed class Chores
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(350);

    private readonly ReplicaHost _host;
    private readonly Queue<Accusation> _accusations = new();
    private readonly Digest _session;
    private ulong _sequence;
    private Height _asked;

    public Chores(ReplicaHost host)
    {
        _host = host;
        _session = Digest.Sha256(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"chores {host.Node.Number} {host.Node.Lives}")));
    }

    private SimNode Node => _host.Node;

    public void Report(Accusation accusation) => _accusations.Enqueue(accusation);

    public void Plan() => Node.World.Schedule.After(Interval, () => Node.Post(_host, _ =>
    {
        Plan();
        Do();
    }));

    private void Do()
    {
        if (Node.IsByzantine)
        {
            return;
        }

        if (_accusations.TryDequeue(out Accusation? accusation))
        {
            Submit(new MembershipCommand.Accuse(accusation.Encode()));
            return;
        }

        var membership = (MembershipState)_host.Replica.FinalLedger.StateOf(MachineIds.Membership)!;
        if (membership.Find(Node.Id) is Member member && Wish(member) is MembershipCommand wish
            && _asked < _host.Replica.FinalHeight)
        {
            _asked = _host.Replica.FinalHeight;
            Submit(wish);
        }
    }

    private MembershipCommand? Wish(Member member)
    {
        if (member.VotingKey?.Incarnation < Node.Incarnation)
        {
            return new MembershipCommand.AnnounceKey(Node.Identity.Claim(Node.Incarnation));
        }

        if (member.State == MemberState.Joining)
        {
            return new MembershipCommand.Ready(_host.Replica.FinalHeight);
        }

        return Node.WantsToLeave && member.State == MemberState.Up ? new MembershipCommand.Leave() : null;
    }

    private void Submit(MembershipCommand command)
    {
        Node.World.Trace.Note(Node.Number, command.GetType().Name, _sequence + 1);
        SimKey key = Node.Identity.NodeKey;
        Command wrapped = new(_session, ++_sequence, MachineIds.Membership, command.Encode());
        byte[] signed = CommandGroup.EncodeSigned(Node.World.UtcNow, [wrapped]);
        byte[] signature = Node.World.Genesis.Scheme.Sign(
            key, signed, CommandGroup.SignatureContext(SimIdentity.Cluster));
        _host.Give(new Input.GroupVerified(CommandGroup.Assemble(key.PublicKey, signed, signature)));
    }
}
