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

    private static readonly ConcurrentDictionary<(ISignatureScheme Scheme, int Founders), Genesis> Known = new();

    private Genesis(ISignatureScheme scheme, int founders)
    {
        Scheme = scheme;
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
            new RegisterMachine(),
        ];
        ValidatorSet validators = ((MembershipState)Machines[0].Genesis).Validators;
        Foundation = Foundation.Genesis(
            SimIdentity.Cluster, Ledger.Genesis(SimIdentity.Cluster, Machines, validators));
    }

    public ISignatureScheme Scheme { get; }

    public IReadOnlyList<SimIdentity> Identities { get; }

    /// <summary>May change the membership alone.</summary>
    public SimKey Operator { get; }

    public IReadOnlyList<IMachine> Machines { get; }

    public Foundation Foundation { get; }

    public static Genesis Of(ISignatureScheme scheme, int founders) =>
        Known.GetOrAdd((scheme, founders), static key => new Genesis(key.Scheme, key.Founders));
}
