using System.Globalization;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Tests.Control.Auditing;

/// <summary>A proof for who has the genesis, and everything that is wrong with one.</summary>
public sealed class CommandProofTests(AuditedLog log) : IClassFixture<AuditedLog>
{
    [Fact]
    public void A_proof_comes_back_from_its_bytes_and_holds_in_the_first_epoch_and_after_a_hand_over()
    {
        foreach ((CommandProof made, int handovers) in new[] { (log.InFirstEpoch, 0), (log.InSecondEpoch, 1) })
        {
            Assert.True(CommandProof.TryDecode(made.Encode(), out CommandProof? proof));
            Assert.Equal(CommandProofVerdict.Holds, proof.Check(log.Genesis));
            Assert.Equal(handovers, proof.Handovers.Count);
            Assert.Equal(made.Encode(), proof.Encode());
        }
    }

    [Fact]
    public void With_any_bit_flipped_nothing_is_proven()
    {
        byte[] whole = log.InSecondEpoch.Encode();
        int seed = Random.Shared.Next();
        Random random = new(seed);

        // Most bytes are keys and signatures, of which any one is as good as its neighbours.
        for (int at = 0; at < whole.Length; at += at < 400 || at > whole.Length - 400 ? 1 : random.Next(1, 60))
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= (byte)(1 << random.Next(8));
            bool holds = CommandProof.TryDecode(flipped, out CommandProof? proof)
                && proof.Check(log.Genesis) == CommandProofVerdict.Holds;
            Assert.False(holds, string.Create(
                CultureInfo.InvariantCulture, $"byte {at} of {whole.Length} does not matter, seed {seed}"));
        }
    }

    [Fact]
    public void The_bytes_are_those_of_the_table()
    {
        CommandProof proof = log.InSecondEpoch;
        WireWriter parts = new();
        parts.U8(1).Digest(log.Genesis.Cluster);
        parts.Digest(proof.Command.Client).U64(proof.Command.Sequence).U16(proof.Command.Machine)
            .Opaque24(proof.Command.Payload.Span);
        parts.U16(1);
        proof.Handovers[0].WriteTo(parts);
        parts.Opaque32(proof.Proof.Encode());

        Assert.Equal(parts.ToArray(), proof.Encode());
    }

    [Fact]
    public void Cut_or_lengthened_bytes_are_no_proof()
    {
        byte[] whole = log.InFirstEpoch.Encode();

        Assert.False(CommandProof.TryDecode([.. whole, 0], out _));
        for (int size = 0; size < whole.Length; size += 37)
        {
            Assert.False(CommandProof.TryDecode(whole.AsSpan(0, size), out _));
        }
    }

    [Fact]
    public void A_proof_of_another_cluster_is_told_as_such_and_one_that_hides_it_proves_nothing()
    {
        Digest other = Digest.Sha256([7]);
        NodeRequest founder = ControlFounder.Request(
            new Disks.FaultyDisk(9), SimCluster.IdentityOf(9).Key, other,
            new NodePlace(NodeRoles.Validator, "", 100), ["h:1"], new SeededRandom(9));
        ControlGenesis foreign = new(other, [founder], []);

        Assert.Equal(CommandProofVerdict.ForeignCluster, log.InFirstEpoch.Check(foreign));
        Assert.Equal(
            CommandProofVerdict.CommandNotProven, (log.InFirstEpoch with { Cluster = other }).Check(foreign));
        Assert.Equal(
            CommandProofVerdict.HandoverNotProven, (log.InSecondEpoch with { Cluster = other }).Check(foreign));
    }

    [Fact]
    public void Parts_of_two_good_proofs_make_no_third()
    {
        CommandProof mixed = log.InFirstEpoch with { Command = log.InSecondEpoch.Command };
        CommandProof skipped = log.InSecondEpoch with { Handovers = [] };
        CommandProof repeated = log.InSecondEpoch with
        {
            Handovers = [.. log.InSecondEpoch.Handovers, .. log.InSecondEpoch.Handovers],
        };

        Assert.Equal(CommandProofVerdict.CommandNotProven, mixed.Check(log.Genesis));
        Assert.Equal(CommandProofVerdict.CommandNotProven, skipped.Check(log.Genesis));
        Assert.Equal(CommandProofVerdict.HandoverNotProven, repeated.Check(log.Genesis));
    }
}
