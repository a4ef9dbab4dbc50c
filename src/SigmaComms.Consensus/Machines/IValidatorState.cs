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

    /// <summary>
    /// The state at the start of the next epoch; only while <see cref="NextValidators"/> is not null.
    /// </summary>
    IValidatorState BeginEpoch();
}
