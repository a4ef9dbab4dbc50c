using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Registers;

namespace SigmaComms.Simulation.Nodes;

/// <summary>The faults that a run plants into its hosts, each between the replica and the world.</summary>
internal sealed class HostFlaws(ReplicaHost host)
{
    private readonly HostFlaw _flaw = host.Node.Options.Flaw;
    private readonly SortedSet<View> _nullified = [];
    private readonly SortedSet<View> _notarized = [];

    public bool SendsFirst => _flaw == HostFlaw.SendsBeforeSync;

    public bool SignsAnything => _flaw is HostFlaw.SendsBeforeSync or HostFlaw.ForgetsVotes
        or HostFlaw.FinalizesAfterNullify or HostFlaw.NotarizesAnything;

    public bool TakesAnything => _flaw == HostFlaw.VerifiesNothing;

    public IEnumerable<WalRecord> Recovered(IEnumerable<WalRecord> records) => _flaw switch
    {
        HostFlaw.ForgetsVotes => records.Where(record => record is not WalRecord.OwnBallot),
        _ => records,
    };

    public IReadOnlyList<Effect> Changed(IReadOnlyList<Effect> effects)
    {
        foreach (Effect.SignAndBroadcast sign in effects.OfType<Effect.SignAndBroadcast>())
        {
            if (sign.Ballot.Kind == BallotKind.Nullify)
            {
                _nullified.Add(sign.Ballot.View);
            }

            if (sign.Ballot.Notarizes(out View view, out _))
            {
                _notarized.Add(view);
            }
        }

        return _flaw switch
        {
            HostFlaw.FinalizesAfterNullify => [.. effects, .. Finalizes(effects)],
            HostFlaw.DropsCertificates => [.. effects.Where(effect => effect is not Effect.Persist
            {
                Record: WalRecord.CertificateHeld or WalRecord.Finalized,
            })],
            _ => effects,
        };
    }

    /// <summary>A host that votes for whatever its leader says, durably.</summary>
    public IReadOnlyList<Effect> Heard(Message message)
    {
        if (_flaw != HostFlaw.NotarizesAnything || message is not Message.Propose { Block: Block block }
            || !host.Replica.IsVoting || !_notarized.Add(block.Header.View))
        {
            return [];
        }

        Ballot ballot = Ballot.Notarize(block.Header.Epoch, block.Header.View, block.Digest);
        return [new Effect.Persist(new WalRecord.OwnBallot(ballot)), new Effect.SignAndBroadcast(ballot)];
    }

    public bool TryAnswerLocally(SimClient client, Command command)
    {
        bool isRead = _flaw == HostFlaw.ReadsLocally
            && RegisterOperation.TryDecode(command.Payload.Span, out RegisterOperation operation)
            && operation.Action == RegisterAction.Read;
        if (!isRead)
        {
            return false;
        }

        var state = (RegisterState)host.Replica.FinalLedger.StateOf(RegisterMachine.Number)!;
        client.Answer(host.Node, new CommandResult(
            command.Client, command.Sequence, CommandOutcome.Executed, state.Apply(default, command.Payload).Reply));
        return true;
    }

    private IEnumerable<Effect> Finalizes(IReadOnlyList<Effect> effects)
    {
        foreach (Effect.Persist persist in effects.OfType<Effect.Persist>())
        {
            if (persist.Record is WalRecord.CertificateHeld { Certificate: Certificate certificate }
                && certificate.Kind == BallotKind.Notarize && _nullified.Contains(certificate.View))
            {
                yield return new Effect.SignAndBroadcast(
                    Ballot.Finalize(certificate.Epoch, certificate.View, certificate.Block));
            }
        }
    }
}
