using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>What this replica itself said in one view. Every own vote passes here, and so do its rules.</summary>
internal sealed class OwnVotes
{
    public Digest? Proposed { get; private set; }

    public Digest? Notarized { get; private set; }

    public Digest? Finalized { get; private set; }

    public bool IsNullified { get; private set; }

    public void Propose(Digest block)
    {
        Invariant.Holds(Proposed is null || Proposed == block);
        Proposed = block;
    }

    // Rule 2: at most one digest per view.
    public void Notarize(Digest block)
    {
        Invariant.Holds(Notarized is null || Notarized == block);
        Notarized = block;
    }

    // Rule 3: never after a finalize of the view.
    public void Nullify()
    {
        Invariant.Holds(Finalized is null);
        IsNullified = true;
    }

    // Rule 4: never after a nullify of the view.
    public void Finalize(Digest block)
    {
        Invariant.Holds(!IsNullified);
        Invariant.Holds(Finalized is null || Finalized == block);
        Finalized = block;
    }
}
