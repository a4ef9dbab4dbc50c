namespace SigmaComms.Actors.Supervision;

/// <summary>What a supervisor does with a failed child.</summary>
public enum Directive
{
    /// <summary>It goes on with its state.</summary>
    Resume,

    /// <summary>It gets a new instance.</summary>
    Restart,

    /// <summary>It ends.</summary>
    Stop,

    /// <summary>The supervisor fails with the same failure.</summary>
    Escalate,
}
