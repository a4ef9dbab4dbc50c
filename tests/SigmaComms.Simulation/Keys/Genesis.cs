using System.Collections.Concurrent;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Simulation.Registers;

namespace SigmaComms.Simulation.Keys;

/// <summary>A cluster before its first block; the same for all runs of one size.</summary>
internal sealed class Genesis
{
    private const int NodesMax = 64;
    private const ulong OperatorNumber = 500_000;

    private static readonly ConcurrentDictionary<(ISignatureScheme, int, bool), Genesis> Known = new();

    private Genesis(ISignatureScheme scheme, int founders, bool isTwice)
    {
        (Scheme, Founders) = (scheme, founders);
        Identities = [.. Enumerable.Range(0, NodesMax).Select(number => new SimIdentity(scheme, number))];
        Operator = scheme.Make(OperatorNumber);
        Machines =
        [
            new MembershipMachine(
                SimIdentity.Cluster,
                new Epoch(1),
                [.. Identities.Take(founders).Select(identity => identity.Request(1))],
                [Operator.Id],
                scheme.Verifier,
                new AccusationJudge(scheme.Verifier)),
            new RegisterMachine(isTwice),
        ];
        ValidatorSet validators = ((MembershipState)Machines[0].Genesis).Validators;
        Foundation = Foundation.Genesis(
            SimIdentity.Cluster, Ledger.Genesis(SimIdentity.Cluster, Machines, validators));
    }

    public ISignatureScheme Scheme { get; }

    public int Founders { get; }

    public IReadOnlyList<SimIdentity> Identities { get; }

    /// <summary>May change the membership alone.</summary>
    public SimKey Operator { get; }

    public IReadOnlyList<IMachine> Machines { get; }

    public Foundation Foundation { get; }

    /// <summary>The genesis of a size.</summary>
    /// <param name="scheme">The signatures.</param>
    /// <param name="founders">How many vote at first.</param>
    /// <param name="isTwice">Whether its machine does additions twice: a planted fault.</param>
    public static Genesis Of(ISignatureScheme scheme, int founders, bool isTwice = false) => Known.GetOrAdd(
        (scheme, founders, isTwice), static key => new Genesis(key.Item1, key.Item2, key.Item3));
}
