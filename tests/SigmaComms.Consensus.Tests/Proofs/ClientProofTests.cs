using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Proofs;

public sealed class ClientProofTests
{
    private static readonly TestSigner Client = new(5);

    private readonly ProvenLog _log = new();
    private readonly Command[] _commands =
    [
        .. Enumerable.Range(1, 5).Select(i => new Command(
            Client.Id.Value,
            (ulong)i,
            MachineIds.VaultCommands,
            VaultCommand.Create(Digest.Sha256([(byte)i])).Encode())),
    ];

    [Fact]
    public void A_command_is_proved_by_the_finality_of_its_block_or_of_a_later_one()
    {
        AppendCommands();
        _log.Append(isEpochEnd: false);
        _log.Append(isEpochEnd: false);

        ClientProof direct = new(Place(3), _log.Headers[1], null, _log.Finality(1, distance: 0));
        ClientProof later = new(Place(3), _log.Headers[1], null, _log.Finality(1, distance: 2));

        Assert.True(direct.Verify(_commands[3], _log.Verifier(_log.First)));
        Assert.True(later.Verify(_commands[3], _log.Verifier(_log.First)));
        Assert.False(direct.Verify(_commands[2], _log.Verifier(_log.First)));
        Assert.False(direct.Verify(_commands[3] with { Sequence = 9 }, _log.Verifier(_log.First)));
    }

    [Fact]
    public void A_command_of_an_old_epoch_is_proved_by_one_certificate_of_the_present_one()
    {
        AppendCommands();
        _log.ChangeEpoch();
        _log.Append(isEpochEnd: false);
        int last = _log.Headers.Count - 1;
        HistoryLink link = new(_log.Headers[last], HistoryBefore(last).Prove(1)!);

        ClientProof proof = new(Place(2), _log.Headers[1], link, _log.Finality(last, distance: 0));

        Assert.Equal(5, _log.Current.Count);
        Assert.True(proof.Verify(_commands[2], _log.Verifier(_log.Current)));
        Assert.False(proof.Verify(_commands[2], _log.Verifier(_log.First)));
        Assert.False((proof with { Header = _log.Headers[2] }).Verify(_commands[2], _log.Verifier(_log.Current)));
    }

    [Fact]
    public void Fewer_votes_than_a_quorum_another_cluster_or_other_validators_prove_nothing()
    {
        AppendCommands();
        ClientProof proof = new(Place(0), _log.Headers[1], null, _log.Finality(1, distance: 0));
        ClientProof weak = proof with { Finality = _log.Finality(1, distance: 0, voters: 2) };
        ValidatorSet others = new(new Epoch(1), _log.First.Members.Select(
            (validator, i) => validator with { VotingKey = FakeSignatures.Key(500 + i) }));
        ValidatorSet nextEpoch = new(new Epoch(2), _log.First.Members);
        FinalityVerifier otherCluster = new(Digest.Sha256([1]), _log.First, FakeSignatures.Instance);

        Assert.True(proof.Verify(_commands[0], _log.Verifier(_log.First)));
        Assert.False(weak.Verify(_commands[0], _log.Verifier(_log.First)));
        Assert.False(proof.Verify(_commands[0], _log.Verifier(others)));
        Assert.False(proof.Verify(_commands[0], _log.Verifier(nextEpoch)));
        Assert.False(proof.Verify(_commands[0], otherCluster));
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_makes_it_fail()
    {
        AppendCommands();
        _log.ChangeEpoch();
        _log.Append(isEpochEnd: false);
        int last = _log.Headers.Count - 1;
        HistoryLink link = new(_log.Headers[last - 1], HistoryBefore(last - 1).Prove(1)!);
        ValidatorSet set = _log.Sets[last - 1];
        byte[] bytes = new ClientProof(
            Place(2), _log.Headers[1], link, _log.Finality(last - 1, distance: 0)).Encode();

        Assert.True(Holds(bytes));
        Assert.All(Hostile.BitFlips(bytes, 29), flipped => Assert.False(Holds(flipped)));
        Assert.All(Hostile.Cuts(bytes, 23), cut => Assert.False(Holds(cut)));
        Assert.All(Hostile.Noise(bytes, 300, new SeededRandom(2)), noise => Assert.False(Holds(noise)));

        bool Holds(byte[] encoded) => ClientProof.TryDecode(encoded, out ClientProof? proof)
            && proof.Verify(_commands[2], _log.Verifier(set));
    }

    [Fact]
    public void Who_knows_the_first_validators_follows_hand_overs_to_the_present_ones()
    {
        _log.ChangeEpoch();
        int end = _log.Headers.Count - 1;
        EpochHandover handover = new(
            _log.Headers[end], _log.Finality(end, distance: 0), _log.Openings[end], _log.Current);
        WireWriter writer = new();
        handover.WriteTo(writer);
        byte[] bytes = writer.ToArray();
        ValidatorSet forged = new(new Epoch(2), _log.First.Members);

        Assert.Equal(_log.Current.Members, _log.Verifier(_log.First).Follow(handover)!.Validators.Members);
        Assert.Null(_log.Verifier(_log.Current).Follow(handover));
        Assert.Null(_log.Verifier(_log.First).Follow(handover with { Next = forged }));
        Assert.Null(_log.Verifier(_log.First).Follow(handover with { Header = _log.Headers[end - 1] }));
        Assert.True(Follows(bytes));
        Assert.All(Hostile.BitFlips(bytes, 401), flipped => Assert.False(Follows(flipped)));
        Assert.All(Hostile.Cuts(bytes, 131), cut => Assert.False(Follows(cut)));

        bool Follows(byte[] encoded)
        {
            WireReader reader = new(encoded);
            return EpochHandover.TryRead(ref reader, out EpochHandover? read) && reader.AtEnd
                && _log.Verifier(_log.First).Follow(read) is not null;
        }
    }

    [Fact]
    public void A_vaults_head_is_proved_from_the_validators_keys_alone()
    {
        AppendCommands();
        _log.Append(isEpochEnd: false);
        Digest vault = VaultCommand.IdOf(Client.Id, Digest.Sha256([2]));
        var state = (VaultCommandsState)_log.Ledger.StateOf(MachineIds.VaultCommands)!;
        StateProof proof = new(_log.Headers[2], _log.Finality(2, distance: 0), _log.Openings[2]);
        FinalityVerifier verifier = _log.Verifier(_log.First);

        bool ok = proof.TryVerify(MachineIds.VaultCommands, verifier, out Digest root);

        Assert.True(ok);
        Assert.True(state.Prove(vault).VerifyPresence(vault, state.Find(vault)!.Summary.ComputeDigest(), root));
        Assert.False(proof.TryVerify(99, verifier, out _));
        Assert.False((proof with { Opening = _log.Openings[1] }).TryVerify(MachineIds.VaultCommands, verifier, out _));
    }

    private void AppendCommands() => _log.Append(
        isEpochEnd: false,
        Client.Group(1, _commands[0], _commands[1]),
        Client.Group(1, _commands[2], _commands[3], _commands[4]));

    private CommandPlace Place(int command) => command < 2
        ? CommandPlace.Of(_log.Bodies[1], 0, command)
        : CommandPlace.Of(_log.Bodies[1], 1, command - 2);

    private MountainRange HistoryBefore(int height) => _log.Headers.Take(height).Aggregate(
        MountainRange.Empty, (range, header) => range.Append(header.ComputeDigest()));
}
