using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.KeyDirectory;
using SigmaComms.Consensus.Tests.Membership;
using SigmaComms.Consensus.Tests.Proofs;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Transparency;

/// <summary>Where a vault stands and who the members are, shown to who knows the validators' keys alone.</summary>
public sealed class StateAnswerTests
{
    private static readonly TestSigner Writer = new(44);
    private static readonly Digest Salt = Digest.Sha256("salt"u8);
    private static readonly Digest Vault = VaultCommand.IdOf(Writer.Id, Salt);

    private readonly ProvenLog _log = new(new KeyDirectoryMachine(new PlainJudge(), new DirectoryLimits()));

    private ulong _sequence;

    [Fact]
    public void A_vaults_count_and_head_are_believed_and_that_there_is_none()
    {
        Order(VaultCommand.Create(Salt), VaultCommand.Append(Vault, 1, "one"u8.ToArray()));

        HeadStep there = Take(Show(new HeadQuestion(Vault: Vault)), new HeadQuestion(Vault: Vault));
        HeadStep none = Take(Show(new HeadQuestion(Vault: Salt)), new HeadQuestion(Vault: Salt));

        Assert.Equal((HeadVerdict.Proven, ""), (there.Verdict, there.Detail));
        Assert.Equal((1UL, Writer.Id), (there.Vault!.Summary!.Count, there.Vault.Summary.Owner));
        Assert.Equal(Stream().Head, there.Vault.Summary.Head);
        Assert.Equal(HeadVerdict.Proven, none.Verdict);
        Assert.Null(none.Vault!.Summary);
    }

    [Fact]
    public void Another_count_another_vault_an_absence_that_is_none_and_less_or_more_than_was_asked_are_forged()
    {
        Order(VaultCommand.Create(Salt), VaultCommand.Append(Vault, 1, "one"u8.ToArray()));
        HeadQuestion question = new(Vault: Vault);
        LogAnswer honest = Show(question);
        VaultProof shown = honest.Head!.Vault!;
        VaultProof other = Show(new HeadQuestion(Vault: Salt)).Head!.Vault!;
        HeadProof[] lies =
        [
            honest.Head with { Vault = shown with { Summary = shown.Summary! with { Count = 2 } } },
            honest.Head with { Vault = shown with { Summary = shown.Summary with { Head = Salt } } },
            honest.Head with { Vault = shown with { Summary = null } },
            honest.Head with { Vault = other },
            honest.Head with { Vault = null },
            Show(new HeadQuestion(Vault: Vault, Members: true)).Head!,
        ];

        Assert.All(lies, lie =>
            Assert.Equal(HeadVerdict.Forged, Take(honest with { Head = lie }, question).Verdict));
    }

    [Fact]
    public void All_members_are_believed_and_not_with_one_left_out_added_or_changed()
    {
        HeadQuestion question = new(Members: true);
        LogAnswer honest = Show(question);
        MembersProof shown = honest.Head!.Members!;
        Member first = shown.Members[0];
        Member[][] lies =
        [
            [.. shown.Members.Skip(1)],
            [.. shown.Members, first with { Node = Writer.Id, NodeKey = Writer.Key }],
            [first with { Place = first.Place with { Weight = 999 } }, .. shown.Members.Skip(1)],
        ];

        HeadStep step = Take(honest, question);

        Assert.Equal(HeadVerdict.Proven, step.Verdict);
        Assert.Equal(_log.First.Members.Select(voter => voter.Node).Order(), step.Members!.Members.Select(m => m.Node));
        Assert.All(lies, lie => Assert.Equal(
            HeadVerdict.Forged,
            Take(
                honest with { Head = honest.Head with { Members = shown with { Members = lie } } }, question).Verdict));
    }

    [Fact]
    public void An_answer_comes_back_from_its_bytes_and_no_cut_or_flipped_one_proves_anything_else()
    {
        Order(VaultCommand.Create(Salt));
        HeadQuestion question = new(Vault: Vault, Members: true);
        byte[] encoded = Show(question).Encode();

        Assert.True(LogAnswer.TryDecode(encoded, out LogAnswer? decoded));
        Assert.Equal(encoded, decoded.Encode());
        Assert.Equal(HeadVerdict.Proven, Take(decoded, question).Verdict);
        for (int length = 0; length < encoded.Length; length += 97)
        {
            Assert.False(LogAnswer.TryDecode(encoded.AsSpan(0, length), out _));
        }

        for (int at = encoded.Length - 1; at > 0; at -= 211)
        {
            byte[] bent = [.. encoded];
            bent[at] ^= 1;
            HeadStep? step = LogAnswer.TryDecode(bent, out LogAnswer? lie) ? Take(lie, question) : null;
            Assert.True(step?.Verdict != HeadVerdict.Proven || step.Vault!.Summary == Stream().Summary);
        }
    }

    private VaultStream Stream() =>
        ((VaultCommandsState)_log.Ledgers[^1].StateOf(MachineIds.VaultCommands)!).Find(Vault)!;

    private void Order(params VaultCommand[] commands)
    {
        _log.Append(isEpochEnd: false, Writer.Group(1, [.. commands.Select(command => new Command(
            Writer.Id.Value, ++_sequence, MachineIds.VaultCommands, command.Encode()))]));
        _log.Append(isEpochEnd: false);
    }

    private HeadStep Take(LogAnswer answer, HeadQuestion question) =>
        TrustedHead.Genesis(TestNode.Cluster, _log.First).Take(answer, question, FakeSignatures.Instance);

    private LogAnswer Show(HeadQuestion question)
    {
        if (_log.Headers.Count == 1)
        {
            _log.Append(isEpochEnd: false);
        }

        int last = _log.Headers.Count - 1;
        Ledger ledger = _log.Ledgers[last];
        var directory = (KeyDirectoryState)ledger.StateOf(MachineIds.KeyDirectory)!;
        var members = (MembershipState)ledger.StateOf(MachineIds.Membership)!;
        var vaults = (VaultCommandsState)ledger.StateOf(MachineIds.VaultCommands)!;
        return new LogAnswer([], new HeadProof(
            new StateProof(_log.Headers[last], _log.Finality(last, distance: 0), _log.Openings[last]),
            directory.Index.Opening,
            directory.Index.ProveConsistency(0)!,
            null,
            null)
        {
            Vault = question.Vault is { } vault
                ? new VaultProof(vaults.Prove(vault), vaults.Find(vault)?.Summary)
                : null,
            Members = question.Members ? new MembersProof(members.Opening, [.. members.Members]) : null,
        });
    }
}
