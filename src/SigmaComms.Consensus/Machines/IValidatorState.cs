using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Machines;

/// <summary>The state of the one machine that says who votes.</summary>
public interface IValidatorState : IMachineState
{
    /// <summary>Who votes in this epoch.</summary>
    ValidatorSet Validators { get; }

    /// <summary>
    /// Who votes in the next epoch; null while nothing asks for one. Its epoch is this one's successor.
    /// </summary>
    ValidatorSet? NextValidators { get; }

    /// <summary>Whether a signer belongs to the cluster: a node that was not evicted, or who governs.</summary>
    /// <param name="signer">The hash of the signer's key.</param>
    bool IsMember(NodeId signer) => Validators.TryIndexOf(signer, out _);

    /// <summary>
    /// The state at the start of the next epoch; only while <see cref="NextValidators"/> is not null.
    /// </summary>
    IValidatorState BeginEpoch();
}
