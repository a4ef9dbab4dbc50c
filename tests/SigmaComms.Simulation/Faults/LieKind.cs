namespace SigmaComms.Simulation.Faults;

/// <summary>Ways to lie.</summary>
internal enum LieKind
{
    /// <summary>Two blocks, two votes, to different listeners.</summary>
    Equivocate,

    /// <summary>Nullifies and finalizes what it notarizes.</summary>
    Nullify,

    /// <summary>Speaks to some only.</summary>
    Select,

    /// <summary>Says again what it heard.</summary>
    Replay,

    /// <summary>Leads nothing.</summary>
    Silence,

    /// <summary>Lies about where it stands and what it has.</summary>
    Mislead,

    /// <summary>Proposes what does not follow from its parent, or skips views.</summary>
    ProposeBadly,

    /// <summary>Signs in the names of others.</summary>
    Forge,

    /// <summary>Two machines with one key.</summary>
    Twin,
}
