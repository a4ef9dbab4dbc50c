namespace SigmaComms.Simulation.Linearizability;

/// <summary>What a checker found out.</summary>
internal enum Verdict
{
    /// <summary>There is an order of single steps that explains all that the clients saw.</summary>
    Linearizable,

    /// <summary>There is none.</summary>
    NotLinearizable,

    /// <summary>The search was given up; say so, and take it for no answer.</summary>
    Unknown,
}
