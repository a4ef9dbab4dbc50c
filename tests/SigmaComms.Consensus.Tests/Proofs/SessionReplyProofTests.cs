using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Proofs;

public sealed class SessionReplyProofTests
{
    private static readonly TestSigner Client = new(5);

    private readonly ProvenLog _log = new();

    [Fact]
    public void What_a_command_was_answered_is_shown_under_the_state_root_of_the_next_block()
    {
        Command[] commands = [.. Enumerable.Range(1, 3).Select(Create)];
        _log.Append(isEpochEnd: false, Client.Group(1, commands));
        SessionReplyProof proof = ProofAtTheEnd();

        Assert.All(commands, command => Assert.True(proof.Verify(command, ReplyOf(command), Verifier)));
        Assert.False(proof.Verify(commands[0], ReplyOf(commands[1]), Verifier));
        Assert.False(proof.Verify(commands[0], [], Verifier));
    }

    [Fact]
    public void Another_command_under_the_same_number_another_session_or_one_that_did_not_run_has_no_reply()
    {
        Command ran = Create(1);
        _log.Append(isEpochEnd: false, Client.Group(1, ran));
        SessionReplyProof proof = ProofAtTheEnd();
        Command other = Create(2) with { Sequence = 1 };

        Assert.True(proof.TryVerify(ran, Verifier, out Digest reply));
        Assert.Equal(Digest.Sha256(ReplyOf(ran)), reply);
        Assert.False(proof.TryVerify(other, Verifier, out _));
        Assert.False(proof.TryVerify(Create(2), Verifier, out _));
        Assert.False(proof.TryVerify(ran with { Client = Digest.Sha256([9]) }, Verifier, out _));
        Assert.Null(_log.Ledger.ProveReplies(
            Digest.Sha256([9]), proof.Header with { StateRoot = _log.Ledger.Root }, null, proof.Finality));
        Assert.Throws<ArgumentException>(() => _log.Ledger.ProveReplies(
            Client.Id.Value, _log.Headers[0], null, proof.Finality));
    }

    [Fact]
    public void A_reply_is_shown_whole_or_shortened_as_long_as_the_session_remembers_its_command()
    {
        Command[] commands = [.. Enumerable.Range(1, 17).Select(Create)];
        _log.Append(isEpochEnd: false, Client.Group(1, commands));
        SessionReplyProof proof = ProofAtTheEnd();
        var whole = new SessionReply(1, Digest.Sha256([1]), IsKept: true, new byte[] { 1, 2 });

        Assert.Equal(Digest.Sha256([1, 2]), whole.ComputeReplyDigest());
        Assert.Equal(whole.ComputeReplyDigest(), whole.Shorten().ComputeReplyDigest());
        Assert.False(proof.TryVerify(commands[0], Verifier, out _));
        Assert.All(commands.Skip(1), command => Assert.True(proof.Verify(command, ReplyOf(command), Verifier)));
    }

    [Fact]
    public void A_reply_of_an_old_epoch_is_shown_by_one_certificate_of_the_present_one()
    {
        Command command = Create(1);
        _log.Append(isEpochEnd: false, Client.Group(1, command));
        SessionReplyProof early = ProofAtTheEnd();
        _log.ChangeEpoch();
        _log.Append(isEpochEnd: false);
        int last = _log.Headers.Count - 1;
        MountainRange history = _log.Headers.Take(last).Aggregate(
            MountainRange.Empty, (range, header) => range.Append(header.ComputeDigest()));
        HistoryLink link = new(_log.Headers[last], history.Prove(early.Header.Height.Value)!);

        SessionReplyProof late = early with { Link = link, Finality = _log.Finality(last, distance: 0) };

        Assert.True(late.Verify(command, ReplyOf(command), _log.Verifier(_log.Current)));
        Assert.False(late.Verify(command, ReplyOf(command), Verifier));
        Assert.False(early.Verify(command, ReplyOf(command), _log.Verifier(_log.Current)));
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_makes_it_fail()
    {
        Command command = Create(1);
        _log.Append(isEpochEnd: false, Client.Group(1, command));
        byte[] bytes = ProofAtTheEnd().Encode();

        Assert.True(Holds(bytes));
        Assert.All(Hostile.BitFlips(bytes, 31), flipped => Assert.False(Holds(flipped)));
        Assert.All(Hostile.Cuts(bytes, 29), cut => Assert.False(Holds(cut)));
        Assert.All(Hostile.Noise(bytes, 300, new SeededRandom(4)), noise => Assert.False(Holds(noise)));

        bool Holds(byte[] encoded) => SessionReplyProof.TryDecode(encoded, out SessionReplyProof? proof)
            && proof.Verify(command, ReplyOf(command), Verifier);
    }

    private FinalityVerifier Verifier => _log.Verifier(_log.First);

    private SessionReplyProof ProofAtTheEnd()
    {
        Ledger ledger = _log.Ledger;
        _log.Append(isEpochEnd: false);
        int last = _log.Headers.Count - 1;
        SessionReplyProof? proof = ledger.ProveReplies(
            Client.Id.Value, _log.Headers[last], null, _log.Finality(last, distance: 0));
        Assert.NotNull(proof);
        return proof;
    }

    private static Command Create(int number) => new(
        Client.Id.Value, (ulong)number, MachineIds.VaultCommands, VaultCommand.Create(Salt(number)).Encode());

    // A new vault has no entries and the head that its id begins with.
    private static byte[] ReplyOf(Command command)
    {
        Digest id = VaultCommand.IdOf(Client.Id, Salt((int)command.Sequence));
        return new VaultReply(VaultStatus.Done, 0, VaultEntry.StartOf(id)).Encode();
    }

    private static Digest Salt(int number) => Digest.Sha256([(byte)number]);
}
