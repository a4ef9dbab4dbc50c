using System.Text;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Faults;

/// <summary>Changes the membership; tells every node that is up, so that the command is not lost with one.</summary>
internal sealed class Operator(World world)
{
    private static readonly Digest Session = Digest.Sha256(Encoding.ASCII.GetBytes("operator"));

    private ulong _sequence;

    public void Order(MembershipChange change)
    {
        world.Trace.Note(-1, change.GetType().Name, ++_sequence);
        SimKey key = world.Genesis.Operator;
        Command command = new(
            Session, _sequence, MachineIds.Membership, new MembershipCommand.Support(change).Encode());
        byte[] signed = CommandGroup.EncodeSigned(world.UtcNow, [command]);
        byte[] signature = world.Genesis.Scheme.Sign(
            key, signed, CommandGroup.SignatureContext(SimIdentity.Cluster));
        var group = CommandGroup.Assemble(key.PublicKey, signed, signature);
        foreach (Nodes.SimNode node in world.Nodes)
        {
            node.Post(host => host.Give(new Input.GroupVerified(group)));
        }
    }
}
