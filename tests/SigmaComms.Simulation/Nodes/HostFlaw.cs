namespace SigmaComms.Simulation.Nodes;

/// <summary>Faults that are planted to see that they are found. None of them is in the code under test.</summary>
internal enum HostFlaw
{
    None,

    /// <summary>Votes leave before they are durable.</summary>
    SendsBeforeSync,

    /// <summary>Nothing is ever synced, and the disk says it was.</summary>
    DiskLies,

    /// <summary>A restarted host finds neither its own ballots nor its guard.</summary>
    ForgetsVotes,

    /// <summary>A view is finalized although it was given up.</summary>
    FinalizesAfterNullify,

    /// <summary>Every proposal is notarized, whatever it skips.</summary>
    NotarizesAnything,

    /// <summary>Signatures are not checked.</summary>
    VerifiesNothing,

    /// <summary>A client is answered from this node's own state, without the log.</summary>
    ReadsLocally,

    /// <summary>Clients ask again under a new number.</summary>
    RetriesAnew,

    /// <summary>One node's machine does one thing twice.</summary>
    ExecutesTwice,

    /// <summary>Certificates are not written into the log.</summary>
    DropsCertificates,
}
